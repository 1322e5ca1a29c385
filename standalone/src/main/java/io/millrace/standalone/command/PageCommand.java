package io.millrace.standalone.command;

import io.millrace.standalone.ExitCode;
import io.millrace.standalone.LocalKeys;
import io.millrace.standalone.PlatformException;
import io.millrace.standalone.RunningKeys;
import io.millrace.standalone.RunningPlatform;
import io.millrace.standalone.page.TrackedPage;
import java.io.PrintWriter;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParentCommand;
import picocli.CommandLine.Spec;

/** Serves a web page with the tracker, so that a person can be a visitor. */
@Command(
    name = "page",
    header = "Serve a web page with the tracker, to see it work in a browser.",
    description = "Runs until Ctrl-C. The page shows each event and whether it is stored.")
public final class PageCommand implements Callable<Integer> {
  @ParentCommand private RootCommand root;
  @Spec private CommandSpec spec;

  @Option(
      names = "--port",
      paramLabel = "PORT",
      defaultValue = "0",
      description = "Where to serve it (default: a free port).")
  private int port;

  @Option(
      names = "--tenant",
      paramLabel = "NAME",
      defaultValue = LocalKeys.DEFAULT_TENANT,
      description = "Whose events they are (default: ${DEFAULT-VALUE}).")
  private String tenant = LocalKeys.DEFAULT_TENANT;

  @Override
  public Integer call() throws Exception {
    RunningPlatform running = RunningPlatform.require(root.folder());
    String key = new RunningKeys(root::folder).liveKey(tenant);
    StopSignal.interrupts(Thread.currentThread());
    try (TrackedPage page = TrackedPage.start(port, running.gateway(), key)) {
      PrintWriter out = spec.commandLine().getOut();
      out.println(page.url());
      out.println("Open it in a browser; Ctrl-C ends it.");
      out.flush();
      new CountDownLatch(1).await();
    } catch (InterruptedException e) {
      return ExitCode.OK.code();
    } catch (CompletionException e) {
      throw new PlatformException(
          ExitCode.ENVIRONMENT,
          "Cannot serve the page on port "
              + port
              + ": "
              + e.getCause().getMessage()
              + "; give a free port with --port, or 0 for any",
          e);
    }
    return ExitCode.OK.code();
  }
}
