package io.millrace.standalone.command;

import io.millrace.standalone.DataFolder;
import io.millrace.standalone.Millrace;
import io.millrace.standalone.RunningPlatform;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.RandomAccessFile;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine;

/** Runs {@code up} in a process of its own, shows what it says, and returns when it is ready. */
final class BackgroundStart {
  private final DataFolder folder;
  private final PrintWriter out;

  BackgroundStart(DataFolder folder, PrintWriter out) {
    this.folder = folder;
    this.out = out;
  }

  int run(CommandLine.ParseResult parsed) throws IOException, InterruptedException {
    folder.prepare();
    Path log = folder.logs().resolve("up.log");
    Files.deleteIfExists(log);
    Process process =
        new ProcessBuilder(command(parsed))
            .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
            .redirectErrorStream(true)
            .redirectOutput(log.toFile())
            .start();
    try (RandomAccessFile said = new RandomAccessFile(log.toFile(), "r")) {
      while (process.isAlive() && !isReady(process.pid())) {
        copy(said);
        TimeUnit.MILLISECONDS.sleep(100);
      }
      if (!process.isAlive()) {
        copy(said);
        return process.exitValue();
      }
      // The last lines are written after the file that says it is ready.
      String end = "";
      while (process.isAlive() && !end.endsWith(System.lineSeparator().repeat(2))) {
        end = end + copy(said);
        TimeUnit.MILLISECONDS.sleep(20);
      }
    }
    return 0;
  }

  private boolean isReady(long pid) throws IOException {
    Optional<RunningPlatform> running = RunningPlatform.find(folder);
    return running.isPresent() && running.get().pid() == pid;
  }

  private String copy(RandomAccessFile said) throws IOException {
    byte[] bytes = new byte[(int) (said.length() - said.getFilePointer())];
    said.readFully(bytes);
    String text = new String(bytes, StandardCharsets.UTF_8);
    out.print(text);
    out.flush();
    return text;
  }

  /** This very command line in the same Java, without the wish to be detached. */
  private static List<String> command(CommandLine.ParseResult parsed) {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElse("java"));
    command.addAll(ManagementFactory.getRuntimeMXBean().getInputArguments());
    command.add("-cp");
    command.add(System.getProperty("java.class.path"));
    command.add(Millrace.class.getName());
    for (String word : parsed.commandSpec().root().commandLine().getParseResult().originalArgs()) {
      command.add(word.equals("--detach") ? "--background" : word);
    }
    return command;
  }
}
