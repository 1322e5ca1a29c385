package io.millrace.standalone.pipeline;

import org.apache.flink.streaming.api.environment.StreamExecutionEnvironment;

/** The jobs of Millrace joined into one graph. */
@FunctionalInterface
public interface Pipeline {
  /** Adds sources, jobs and sinks to the environment; whoever calls this also runs it. */
  void define(StreamExecutionEnvironment env, PipelineAddresses addresses) throws Exception;
}
