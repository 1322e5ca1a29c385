package io.millrace.alerts.service;

import io.millrace.alerts.service.Work.Opening;
import java.sql.SQLException;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.kafka.common.KafkaException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Works in a thread of its own until it is closed. Whatever fails, all is opened anew, as after a
 * {@code kill -9}: so there is one way back, and it is always used.
 */
final class Worker implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(Worker.class);
  private static final Duration PAUSE = Duration.ofSeconds(1);
  private static final Duration WELL_AFTER = Duration.ofSeconds(10);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(30);

  private final String name;
  private final Opening opening;
  private final Thread thread;
  private final CountDownLatch closing = new CountDownLatch(1);
  private boolean troubled; // only used by the thread

  private Worker(String name, Opening opening) {
    this.name = name;
    this.opening = opening;
    this.thread = new Thread(this::run, "alerts-" + name);
    thread.setDaemon(true);
  }

  /** Starts to work; what cannot be opened yet is tried until it can. */
  static Worker start(String name, Opening opening) {
    Worker worker = new Worker(name, opening);
    worker.thread.start();
    return worker;
  }

  private void run() {
    while (!isClosing()) {
      try (Work work = opening.open()) {
        long opened = System.nanoTime();
        while (!isClosing()) {
          await(work.step());
          if (troubled && System.nanoTime() - opened > WELL_AFTER.toNanos()) {
            LOG.info("The {} of alerts works again", name);
            troubled = false;
          }
        }
      } catch (Exception e) {
        say(e);
        await(PAUSE);
      }
    }
  }

  private void say(Exception failure) {
    if (failure instanceof SQLException || failure instanceof KafkaException) {
      if (!troubled) {
        LOG.warn("The {} of alerts waits: {}", name, failure.getMessage());
      }
    } else if (failure instanceof NotThereYetException) {
      if (!troubled) {
        LOG.info("The {} of alerts waits: {}", name, failure.getMessage());
      }
    } else if (!troubled) {
      LOG.error("The {} of alerts fails, and is tried again and again", name, failure);
    }
    troubled = true;
  }

  private void await(Duration pause) {
    try {
      var unused = closing.await(pause.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private boolean isClosing() {
    return closing.getCount() == 0 || Thread.currentThread().isInterrupted();
  }

  /** Ends after the step that is being done. */
  @Override
  public void close() {
    closing.countDown();
    try {
      thread.join(CLOSE_TIMEOUT.toMillis());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (thread.isAlive()) {
      LOG.warn("The {} of alerts does not end; what it has not kept, it does again", name);
    }
  }
}
