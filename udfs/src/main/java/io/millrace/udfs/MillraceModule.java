package io.millrace.udfs;

import io.millrace.domain.channel.OwnHosts;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.apache.flink.table.functions.FunctionDefinition;
import org.apache.flink.table.module.Module;

/**
 * The domain's rules as Flink SQL functions: {@code LOAD MODULE millrace} brings all of them.
 *
 * <p>Functions that need rules which are heavy to build hold them from {@code open()} on, so that
 * they travel to the tasks as small as they are.
 */
public final class MillraceModule implements Module {
  private final Map<String, FunctionDefinition> functions = new LinkedHashMap<>();

  /**
   * @param ownHosts each tenant's own sites, whose links are no referrals
   */
  public MillraceModule(OwnHosts ownHosts) {
    functions.put("user_agent", new UserAgentFunction());
    functions.put("is_bot", new IsBotFunction());
    functions.put("bot_reason", new BotReasonFunction());
    functions.put("traffic", new TrafficFunction(ownHosts));
    functions.put("channel", new ChannelFunction(ownHosts));
    functions.put("utm", new UtmFunction());
    functions.put("click_id", new ClickIdFunction());
    functions.put("url_host", new UrlHostFunction());
    functions.put("url_path", new UrlPathFunction());
    functions.put("url_domain", new UrlDomainFunction());
    functions.put("url_parameter", new UrlParameterFunction());
    functions.put("scrub_url", new ScrubUrlFunction());
    functions.put("scrub_text", new ScrubTextFunction());
    functions.put("truncate_address", new TruncateAddressFunction());
    functions.put("canonical_event_type", new CanonicalEventTypeFunction());
    functions.put("event_category", new EventCategoryFunction());
    functions.put("is_page_view", new IsPageViewFunction());
    functions.put("is_click", new IsClickFunction());
    functions.put("is_conversion", new IsConversionFunction());
    functions.put("event_time", new EventTimeFunction());
    functions.put("session_id", new SessionIdFunction());
    functions.put("sessionize", new SessionizeFunction());
    functions.put("metric_window", new MetricWindowFunction());
    functions.put("grouping_value", new GroupingValueFunction());
    functions.put("visitors_sketch", new VisitorsSketchFunction());
    functions.put("merge_sketches", new MergeSketchesFunction());
    functions.put("sketch_estimate", new SketchEstimateFunction());
  }

  /** In the order of the README's table. */
  @Override
  public Set<String> listFunctions() {
    return Collections.unmodifiableSet(functions.keySet());
  }

  @Override
  public Optional<FunctionDefinition> getFunctionDefinition(String name) {
    return Optional.ofNullable(functions.get(name.toLowerCase(Locale.ROOT)));
  }
}
