package io.millrace.benchmarks.load;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.net.URI;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.LongFunction;
import org.HdrHistogram.Histogram;

/**
 * Sends ready-made requests over a few keep-alive connections, from one thread.
 *
 * <p>In an open loop a request is due at a fixed time whether or not the one before has been
 * answered, and its latency counts from that time: a server that stalls is seen by all requests
 * that were due meanwhile. Connections pipeline, so that the client never waits to send. A request
 * that is answered "not now" is sent again, as any sender would, and its latency goes on counting.
 */
public final class LoadClient implements AutoCloseable {
  private static final long TICK_NANOS = 500_000;
  private static final long RETRY_AFTER_MS = 100;

  /**
   * What a run of requests showed.
   *
   * @param latencies in µs
   * @param retries answers "not now"
   */
  public record Result(long requests, long nanos, Histogram latencies, long retries) {
    public double perSecond() {
      return requests * 1e9 / nanos;
    }
  }

  private final EventLoopGroup group;
  private final EventLoop loop;
  private final List<Connection> connections = new ArrayList<>();
  private final AtomicReference<Throwable> failure = new AtomicReference<>();
  private volatile boolean closing;

  // Everything below is touched by the loop's thread only.
  private Run run;

  /** Opens the connections. */
  public LoadClient(URI server, int connectionCount) throws InterruptedException {
    group =
        new MultiThreadIoEventLoopGroup(
            1, new DefaultThreadFactory("load", true), NioIoHandler.newFactory());
    loop = group.next();
    Bootstrap bootstrap =
        new Bootstrap()
            .group(group)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.TCP_NODELAY, true)
            .handler(
                new ChannelInitializer<SocketChannel>() {
                  @Override
                  protected void initChannel(SocketChannel channel) {
                    Connection connection = new Connection(channel);
                    connections.add(connection);
                    channel.pipeline().addLast(new HttpResponseDecoder(), connection);
                  }
                });
    for (int i = 0; i < connectionCount; i++) {
      bootstrap.connect(server.getHost(), server.getPort()).sync();
    }
  }

  /** Requests at a fixed rate; ends when all of them have been answered. */
  public Result openLoop(LongFunction<byte[]> requests, double perSecond, Duration length)
      throws InterruptedException {
    long count = Math.max(1, (long) (perSecond * length.toNanos() / 1e9));
    return run(new Run(requests, count, (long) (1e9 / perSecond), Integer.MAX_VALUE));
  }

  /** As many requests as the server answers, with a fixed number in flight. */
  public Result closedLoop(LongFunction<byte[]> requests, long count, int inFlight)
      throws InterruptedException {
    return run(new Run(requests, count, 0, inFlight));
  }

  private Result run(Run next) throws InterruptedException {
    loop.execute(
        () -> {
          run = next;
          next.began = System.nanoTime();
          tick(next);
        });
    try {
      return next.done.join();
    } catch (CompletionException e) {
      throw new IllegalStateException("The load ended early: " + e.getCause().getMessage(), e);
    }
  }

  private void tick(Run current) {
    if (current.done.isDone()) {
      return;
    }
    if (failure.get() != null) {
      current.done.completeExceptionally(failure.get());
      return;
    }
    sendDue(current);
    if (current.sent < current.count) {
      var unused = loop.schedule(() -> tick(current), TICK_NANOS, TimeUnit.NANOSECONDS);
    }
  }

  private void sendDue(Run current) {
    long now = System.nanoTime();
    int first = (int) (current.sent % connections.size());
    int written = 0;
    while (current.sent < current.count
        && current.sent - current.answered < current.maxInFlight
        && current.dueAt(current.sent) <= now) {
      connections
          .get((int) (current.sent % connections.size()))
          .write(
              current.requests.apply(current.sent),
              current.periodNanos == 0 ? System.nanoTime() : current.dueAt(current.sent));
      current.sent++;
      written++;
    }
    for (int i = 0; i < Math.min(written, connections.size()); i++) {
      connections.get((first + i) % connections.size()).channel.flush();
    }
  }

  private void answered(long dueAt) {
    Run current = run;
    long now = System.nanoTime();
    current.latencies.recordValue(Math.max(0, (now - dueAt) / 1000));
    current.answered++;
    if (current.answered == current.count) {
      current.done.complete(
          new Result(current.count, now - current.began, current.latencies, current.retries));
    }
  }

  private void fail(Throwable cause) {
    failure.compareAndSet(null, cause);
    Run current = run;
    if (current != null) {
      current.done.completeExceptionally(cause);
    }
  }

  @Override
  public void close() {
    closing = true;
    group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly();
  }

  private static final class Run {
    final LongFunction<byte[]> requests;
    final long count;
    final long periodNanos;
    final int maxInFlight;
    final Histogram latencies = new Histogram(TimeUnit.MINUTES.toMicros(10), 3);
    final CompletableFuture<Result> done = new CompletableFuture<>();
    long began;
    long sent;
    long answered;
    long retries;

    Run(LongFunction<byte[]> requests, long count, long periodNanos, int maxInFlight) {
      this.requests = requests;
      this.count = count;
      this.periodNanos = periodNanos;
      this.maxInFlight = maxInFlight;
    }

    long dueAt(long n) {
      return began + n * periodNanos;
    }
  }

  private record Pending(byte[] request, long dueAt) {}

  private final class Connection extends SimpleChannelInboundHandler<HttpObject> {
    private final Channel channel;
    private final Deque<Pending> pending = new ArrayDeque<>();
    private boolean notNow;

    Connection(Channel channel) {
      this.channel = channel;
    }

    void write(byte[] request, long dueAt) {
      pending.add(new Pending(request, dueAt));
      channel.write(Unpooled.wrappedBuffer(request), channel.voidPromise());
    }

    @Override
    protected void channelRead0(ChannelHandlerContext ctx, HttpObject part) {
      if (part instanceof HttpResponse response) {
        notNow = response.status().code() == 503;
        if (!notNow && response.status().code() != 204) {
          fail(new IllegalStateException("an answer was " + response.status() + ", not 204"));
        }
      }
      if (part instanceof LastHttpContent) {
        Pending request = pending.remove();
        if (notNow) {
          run.retries++;
          var unused = loop.schedule(() -> again(request), RETRY_AFTER_MS, TimeUnit.MILLISECONDS);
          return;
        }
        answered(request.dueAt);
        if (run.maxInFlight != Integer.MAX_VALUE && run.sent < run.count) {
          sendDue(run);
        }
      }
    }

    private void again(Pending request) {
      write(request.request, request.dueAt);
      channel.flush();
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
      fail(cause);
    }

    @Override
    public void channelInactive(ChannelHandlerContext ctx) {
      // Also when nothing is awaited: what is written to it later would never be answered.
      if (!closing) {
        fail(new IllegalStateException("the server closed a connection"));
      }
    }
  }
}
