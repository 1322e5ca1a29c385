package io.millrace.gateway.access;

import java.nio.ByteBuffer;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Clock;
import java.time.Duration;
import java.time.LocalDate;
import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Write keys from PostgreSQL, looked up in memory. One thread with one connection asks every second
 * whether anything has changed, reads everything when it has, and exchanges the quota counts. While
 * the server is away, the keys stay as they were.
 */
public final class PostgresKeys implements WriteKeys, AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(PostgresKeys.class);
  private static final Duration POLL_EVERY = Duration.ofSeconds(1);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(10);

  private final AccessDatabase database;
  private final DailyQuota quota;
  private final Clock clock;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread thread = new Thread(task, "gateway-access");
            thread.setDaemon(true);
            return thread;
          });
  private Connection connection; // only used by the thread, or before it starts
  private volatile AccessSnapshot snapshot = AccessSnapshot.NONE;
  private volatile long readAtNanos;
  private volatile String trouble;

  private PostgresKeys(AccessDatabase database, DailyQuota quota, Clock clock) {
    this.database = database;
    this.quota = quota;
    this.clock = clock;
  }

  /**
   * Reads the keys, and today's counts into the quota, and keeps both up to date.
   *
   * @throws IllegalStateException when they cannot be read: without any keys, every sender would be
   *     told that its key is wrong
   */
  public static PostgresKeys start(AccessDatabase database, DailyQuota quota, Clock clock) {
    PostgresKeys keys = new PostgresKeys(database, quota, clock);
    try {
      keys.refresh();
    } catch (Exception e) {
      keys.close();
      throw new IllegalStateException(
          "Cannot read the write keys from " + database.jdbcUrl() + ": " + e.getMessage(), e);
    }
    long millis = POLL_EVERY.toMillis();
    var unused =
        keys.thread.scheduleWithFixedDelay(
            keys::refreshOrSayWhyNot, millis, millis, TimeUnit.MILLISECONDS);
    return keys;
  }

  @Override
  public Optional<WriteKey> find(String presented) {
    // The look-up is by hash. Whoever tries keys cannot choose their hashes bit by bit, so how long
    // it takes says nothing about any key.
    return Optional.ofNullable(snapshot.byHash().get(ByteBuffer.wrap(KeyHash.sha256(presented))));
  }

  @Override
  public Optional<WriteKey> ofHost(String host) {
    return Optional.ofNullable(snapshot.byHost().get(host));
  }

  /** The settings of a tenant; the same object until they change. */
  public TenantSettings settings(String tenant) {
    return snapshot.settings().getOrDefault(tenant, TenantSettings.DEFAULT);
  }

  @Override
  public Optional<String> staleness() {
    return Optional.ofNullable(trouble);
  }

  @Override
  public double ageSeconds() {
    return (System.nanoTime() - readAtNanos) / 1e9;
  }

  private void refreshOrSayWhyNot() {
    String found;
    try {
      refresh();
      found =
          snapshot.unreadable().isEmpty()
              ? null
              : "some keys are not as they stand in the database: " + snapshot.unreadable();
    } catch (Exception e) {
      disconnect();
      found =
          "the database of write keys and quotas fails, "
              + database.jdbcUrl()
              + ": "
              + e.getMessage();
    }
    if (found != null && trouble == null) {
      LOG.warn("{}; those read before stay valid", found);
    } else if (found == null && trouble != null) {
      LOG.info("The write keys are up to date again");
    }
    trouble = found;
  }

  private void refresh() throws Exception {
    if (connection == null) {
      connection = database.connect();
      connection.setAutoCommit(false);
      connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
    }
    if (AccessSnapshot.change(connection) != snapshot.change()) {
      snapshot = AccessSnapshot.read(connection, snapshot);
      LOG.info("Read {} write keys", snapshot.byHash().size());
    }
    connection.commit();
    readAtNanos = System.nanoTime();
    quota.exchange(this::addToDay, clock.millis());
  }

  private Map<String, Long> addToDay(LocalDate day, Map<String, Long> events) throws SQLException {
    // Not the isolation of the rest: another gateway may add to the same row at the same moment.
    connection.setTransactionIsolation(Connection.TRANSACTION_READ_COMMITTED);
    try {
      if (!events.isEmpty()) {
        add(day, events);
      }
      Map<String, Long> totals = totals(day);
      connection.commit();
      return totals;
    } catch (SQLException e) {
      disconnect(); // whatever was added goes with it
      throw e;
    } finally {
      if (connection != null) {
        connection.setTransactionIsolation(Connection.TRANSACTION_REPEATABLE_READ);
      }
    }
  }

  private void add(LocalDate day, Map<String, Long> events) throws SQLException {
    try (PreparedStatement add =
        connection.prepareStatement(
            "INSERT INTO events_per_day AS d (day, tenant, events) VALUES (?, ?, ?)"
                + " ON CONFLICT (day, tenant) DO UPDATE SET events = d.events + excluded.events")) {
      // In order, so that two gateways never wait for each other.
      for (String tenant : events.keySet().stream().sorted().toList()) {
        add.setObject(1, day);
        add.setString(2, tenant);
        add.setLong(3, events.get(tenant));
        add.addBatch();
      }
      add.executeBatch();
    }
  }

  private Map<String, Long> totals(LocalDate day) throws SQLException {
    Map<String, Long> totals = new HashMap<>();
    try (PreparedStatement query =
        connection.prepareStatement("SELECT tenant, events FROM events_per_day WHERE day = ?")) {
      query.setObject(1, day);
      try (ResultSet row = query.executeQuery()) {
        while (row.next()) {
          totals.put(row.getString(1), row.getLong(2));
        }
      }
    }
    return totals;
  }

  private void disconnect() {
    if (connection != null) {
      try {
        connection.close();
      } catch (SQLException e) {
        LOG.debug("The connection was lost before it was closed: {}", e.toString());
      }
      connection = null;
    }
  }

  /** Writes the counts a last time. */
  @Override
  public void close() {
    thread.shutdown();
    try {
      if (!thread.awaitTermination(CLOSE_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)) {
        LOG.warn("PostgreSQL does not answer; the events counted in the last second are forgotten");
        return;
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return;
    }
    if (connection != null) {
      refreshOrSayWhyNot();
    }
    disconnect();
  }
}
