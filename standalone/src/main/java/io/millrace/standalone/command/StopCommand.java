package io.millrace.standalone.command;

import io.millrace.standalone.DataFolder;
import io.millrace.standalone.ExitCode;
import io.millrace.standalone.PlatformException;
import java.io.PrintWriter;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Asks the running platform to stop, and waits until it has. */
@Command(name = "stop", header = "Stop what runs on the data folder, keeping its data.")
public final class StopCommand implements Callable<Integer> {
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Option(
      names = "--timeout",
      paramLabel = "TIME",
      converter = DurationText.class,
      defaultValue = "2min",
      description = "How long to wait for it (default: ${DEFAULT-VALUE}).")
  private Duration timeout = Duration.ofMinutes(2);

  @Override
  public Integer call() throws Exception {
    DataFolder folder = root.folder();
    PrintWriter out = spec.commandLine().getOut();
    Optional<Long> holder = folder.holder();
    if (holder.isEmpty()) {
      throw new PlatformException(
          ExitCode.NOT_RUNNING,
          "Millrace is not running on " + folder.path() + "; nothing to stop");
    }
    long pid = holder.get();
    // The lock proves that this process runs the platform: the system frees it with its holder.
    ProcessHandle.of(pid).ifPresent(ProcessHandle::destroy);
    say(out, "Stopping process " + pid + " after a last checkpoint ...");

    long deadline = System.nanoTime() + timeout.toNanos();
    while (folder.holder().equals(holder)) {
      if (System.nanoTime() > deadline) {
        throw new PlatformException(
            ExitCode.ENVIRONMENT,
            "Process "
                + pid
                + " has not stopped within "
                + timeout.toSeconds()
                + " s; look at "
                + folder.logs().resolve("millrace.log")
                + ", or end it with \"kill -9 "
                + pid
                + "\", which loses nothing that was acknowledged");
      }
      TimeUnit.MILLISECONDS.sleep(100);
    }
    say(out, "Stopped.");
    return ExitCode.OK.code();
  }

  private void say(PrintWriter out, String text) {
    if (root.output() == RootCommand.Output.TEXT) {
      out.println(text);
      out.flush();
    }
  }
}
