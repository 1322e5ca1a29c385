package io.millrace.standalone.command;

/**
 * Ctrl-C and SIGTERM as a request to this command, not to the JVM.
 *
 * <p>A JVM that ends runs all shutdown hooks at once, and the libraries' own would stop Postgres
 * and Redis while the pipeline takes its last checkpoint. So the signal only interrupts the main
 * thread, which stops everything in order. A second signal ends at once; the next start then
 * recovers as after a kill. Java has no other way to hear a signal than {@code sun.misc.Signal},
 * which jdk.unsupported exports for this; javac's warning about it cannot be switched off.
 */
final class StopSignal {
  private StopSignal() {}

  /** Interrupts the thread when the process is asked to stop. */
  static void interrupts(Thread main) {
    boolean[] asked = new boolean[1];
    for (String name : new String[] {"INT", "TERM"}) {
      sun.misc.Signal.handle(
          new sun.misc.Signal(name),
          signal -> {
            synchronized (asked) {
              if (asked[0]) {
                Runtime.getRuntime().halt(128 + signal.getNumber());
              }
              asked[0] = true;
            }
            main.interrupt();
          });
    }
  }

  /** Leaves Ctrl-C of the terminal to the process in front. */
  static void ignoreTerminal() {
    for (String name : new String[] {"INT", "HUP"}) {
      sun.misc.Signal.handle(new sun.misc.Signal(name), signal -> {});
    }
  }
}
