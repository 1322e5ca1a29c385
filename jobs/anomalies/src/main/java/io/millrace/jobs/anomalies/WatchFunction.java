package io.millrace.jobs.anomalies;

import io.millrace.domain.anomaly.WatchList;
import io.millrace.domain.metric.Grouping;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.flink.api.common.functions.OpenContext;
import org.apache.flink.api.common.state.ValueState;
import org.apache.flink.api.common.state.ValueStateDescriptor;
import org.apache.flink.api.common.typeinfo.Types;
import org.apache.flink.streaming.api.functions.KeyedProcessFunction;
import org.apache.flink.util.Collector;

/**
 * Chooses which values of a grouping are watched, by {@link WatchList}; one key is one grouping of
 * one tenant.
 */
final class WatchFunction extends KeyedProcessFunction<String, SegmentWindow, SegmentWindow> {
  private static final long serialVersionUID = 1L;

  private final HashMap<String, Integer> mostByGrouping = new HashMap<>();

  private transient ValueState<WatchList> lists;

  WatchFunction(AnomalyOptions options) {
    for (Map.Entry<Grouping, Integer> one : options.watched().entrySet()) {
      mostByGrouping.put(one.getKey().label(), one.getValue());
    }
  }

  @Override
  public void open(OpenContext context) {
    // Never cleared: bounded by five times AnomalyOptions.watched values a grouping.
    lists =
        getRuntimeContext()
            .getState(new ValueStateDescriptor<>("watch-list", Types.POJO(WatchList.class)));
  }

  @Override
  public void processElement(SegmentWindow row, Context context, Collector<SegmentWindow> out)
      throws Exception {
    if (row.grouping.equals(Grouping.ALL.label())) {
      row.watched = true;
      out.collect(row);
      return;
    }
    WatchList list = lists.value();
    if (list == null) {
      list = new WatchList();
    }
    List<String> dropped = new ArrayList<>(1);
    WatchList.Role role =
        list.count(
            row.value, row.sums.events, row.windowStart, mostByGrouping.get(row.grouping), dropped);
    lists.update(list);
    for (String value : dropped) {
      SegmentWindow end = new SegmentWindow();
      end.tenant = row.tenant;
      end.grouping = row.grouping;
      end.value = value;
      end.windowMillis = row.windowMillis;
      out.collect(end);
    }
    row.watched = role == WatchList.Role.WATCHED;
    out.collect(row);
  }
}
