package io.millrace.standalone.server;

import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.flink.api.common.JobID;
import org.apache.flink.api.common.JobStatus;
import org.apache.flink.core.execution.CheckpointType;
import org.apache.flink.runtime.execution.ExecutionState;
import org.apache.flink.runtime.executiongraph.AccessExecutionVertex;
import org.apache.flink.runtime.minicluster.MiniCluster;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A job in the cluster of this process. */
public final class JobHandle {
  private static final Logger LOG = LoggerFactory.getLogger(JobHandle.class);

  private final MiniCluster cluster;
  private final JobID id;

  JobHandle(MiniCluster cluster, JobID id) {
    this.cluster = cluster;
    this.id = id;
  }

  public String id() {
    return id.toHexString();
  }

  public JobStatus status() throws InterruptedException, ExecutionException {
    return cluster.getJobStatus(id).get();
  }

  /** Waits until every task of the job runs; a job that failed instead says why. */
  public void awaitRunning(Duration patience) throws InterruptedException, ExecutionException {
    long deadline = System.nanoTime() + patience.toNanos();
    while (!allTasksRun()) {
      if (status().isGloballyTerminalState()) {
        throw new ExecutionException(
            "Cannot start job " + id() + ": it ended as " + status(),
            cluster
                .requestJobResult(id)
                .get()
                .getSerializedThrowable()
                .map(failure -> failure.deserializeError(JobHandle.class.getClassLoader()))
                .orElse(null));
      }
      if (System.nanoTime() > deadline) {
        throw new ExecutionException(
            "Cannot start job " + id() + ": it is " + status() + " after " + patience, null);
      }
      TimeUnit.MILLISECONDS.sleep(50);
    }
  }

  private boolean allTasksRun() throws InterruptedException, ExecutionException {
    if (status() != JobStatus.RUNNING) {
      return false;
    }
    for (AccessExecutionVertex task :
        cluster.getExecutionGraph(id).get().getAllExecutionVertices()) {
      if (task.getExecutionState() != ExecutionState.RUNNING) {
        return false;
      }
    }
    return true;
  }

  /** Takes a checkpoint now and waits until it is complete. */
  public void checkpoint(Duration patience)
      throws InterruptedException, ExecutionException, TimeoutException {
    cluster
        .triggerCheckpoint(id, CheckpointType.CONFIGURED)
        .get(patience.toMillis(), TimeUnit.MILLISECONDS);
  }

  /**
   * Ends the job after a last checkpoint; where that fails, the next run goes on from the one
   * before, which costs time and no data.
   */
  public void stop(Duration patience) throws InterruptedException, ExecutionException {
    if (status().isGloballyTerminalState()) {
      return;
    }
    try {
      checkpoint(patience);
    } catch (ExecutionException | TimeoutException e) {
      LOG.warn(
          "No last checkpoint before the stop ({}); the next start goes on from the one before",
          e.toString());
    }
    cluster.cancelJob(id).get();
    try {
      cluster.requestJobResult(id).get(patience.toMillis(), TimeUnit.MILLISECONDS);
    } catch (TimeoutException e) {
      LOG.warn("Job {} did not end within {}", id(), patience);
    }
  }
}
