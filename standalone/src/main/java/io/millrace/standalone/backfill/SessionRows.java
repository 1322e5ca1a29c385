package io.millrace.standalone.backfill;

import io.millrace.domain.session.Session;
import io.millrace.jobs.sessions.SessionColumns;
import java.util.List;
import org.apache.flink.api.common.functions.MapFunction;
import org.apache.flink.table.data.RowData;
import org.apache.flink.table.types.logical.RowType;

/**
 * Sessions of rows of {@code lake.sessions}: the way back of {@link SessionColumns}. A number or
 * time that the row lacks, as no row of ours does, is 0.
 */
final class SessionRows implements MapFunction<RowData, Session> {
  private static final long serialVersionUID = 1L;

  private final List<String> columns;

  /**
   * @param type the columns of the rows
   */
  SessionRows(RowType type) {
    this.columns = List.copyOf(type.getFieldNames());
  }

  @Override
  public Session map(RowData row) {
    Session session = new Session();
    session.tenant = text(row, "tenant");
    session.sessionId = text(row, "session_id");
    session.visitorId = text(row, "visitor_id");
    session.startedAt = time(row, "started_at");
    session.endedAt = time(row, "ended_at");
    session.events = number(row, "events");
    session.pageViews = number(row, "page_views");
    session.distinctPages = number(row, "distinct_pages");
    session.entryPage = text(row, "entry_page");
    session.exitPage = text(row, "exit_page");
    session.channel = text(row, "channel");
    session.source = text(row, "source");
    session.medium = text(row, "medium");
    session.campaign = text(row, "campaign");
    session.referrer = text(row, "referrer");
    session.deviceType = text(row, "device_type");
    session.browser = text(row, "browser");
    session.os = text(row, "os");
    session.country = text(row, "country");
    session.region = text(row, "region");
    session.city = text(row, "city");
    session.bot = !row.isNullAt(position("bot")) && row.getBoolean(position("bot"));
    session.conversions = number(row, "conversions");
    session.revenueCents = number(row, "revenue_cents");
    session.engagementMs = number(row, "engagement_ms");
    session.revision = row.isNullAt(position("revision")) ? 0 : row.getInt(position("revision"));
    return session;
  }

  private String text(RowData row, String column) {
    int position = position(column);
    return row.isNullAt(position) ? null : row.getString(position).toString();
  }

  private long number(RowData row, String column) {
    int position = position(column);
    return row.isNullAt(position) ? 0 : row.getLong(position);
  }

  private long time(RowData row, String column) {
    int position = position(column);
    return row.isNullAt(position) ? 0 : row.getTimestamp(position, 6).getMillisecond();
  }

  private int position(String column) {
    int position = columns.indexOf(column);
    if (position < 0) {
      throw new IllegalStateException(
          "Cannot read sessions: the rows have no column " + column + "; they have " + columns);
    }
    return position;
  }
}
