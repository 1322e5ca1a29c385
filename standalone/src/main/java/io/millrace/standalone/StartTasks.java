package io.millrace.standalone;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;

/** Tasks that run at the same time and of which all must succeed; one may wait for another. */
final class StartTasks implements AutoCloseable {
  // A thread each: a task that waits must not keep the one it waits for from running.
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final List<Future<?>> all = new ArrayList<>();

  <T> Future<T> start(Callable<T> task) {
    Future<T> future = threads.submit(task);
    all.add(future);
    return future;
  }

  /** Waits for every task; throws the first failure, when none of them runs any more. */
  void await() throws Exception {
    Throwable failure = null;
    for (Future<?> task : all) {
      try {
        task.get();
      } catch (ExecutionException e) {
        Throwable cause = e.getCause();
        // A task that waited for one that failed has failed for the same reason.
        while (cause instanceof ExecutionException && cause.getCause() != null) {
          cause = cause.getCause();
        }
        if (failure == null) {
          failure = cause;
        }
      }
    }
    if (failure instanceof Exception e) {
      throw e;
    }
    if (failure != null) {
      throw new IllegalStateException(failure);
    }
  }

  /** Waits for tasks that still run, so that what they start can be closed afterwards. */
  @Override
  public void close() {
    threads.shutdown();
    boolean interrupted = Thread.interrupted();
    boolean ended = false;
    while (!ended) {
      try {
        ended = threads.awaitTermination(1, TimeUnit.MINUTES);
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
