package io.millrace.domain.goal;

import com.google.common.hash.Hashing;
import io.millrace.domain.definitions.GoalMatch;
import io.millrace.domain.definitions.MatchedEvent;
import io.millrace.domain.session.SessionRules;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/** What a conversion is: an event that reaches a goal; every such event counts. */
public final class ConversionRules {
  private ConversionRules() {}

  /**
   * A pure function of the goal and of what an event is told from others by, so that a replay gives
   * the same ids; 32 hex digits. The visitor is part of it, as another visitor may send the same
   * event id.
   */
  public static String conversionId(String tenant, String goal, String visitorId, String eventId) {
    return id(tenant, goal, visitorId, eventId);
  }

  /**
   * All conversions of one visitor, in order of their events, and of one event in order of its
   * goals.
   *
   * @param events events of one visitor, each once, in any order
   * @param touches the visitor's sessions
   */
  public static List<Conversion> conversions(List<MatchedEvent> events, List<Touch> touches) {
    List<MatchedEvent> ordered = new ArrayList<>(events);
    ordered.sort(MatchedEvent.ORDER);
    List<Conversion> conversions = new ArrayList<>();
    for (MatchedEvent event : ordered) {
      if (event.goals != null) {
        Touch touch = Touch.at(touches, event.occurredAt);
        for (GoalMatch goal : event.goals) {
          conversions.add(conversion(event, goal, touch));
        }
      }
    }
    return conversions;
  }

  /**
   * Hash of some texts.
   *
   * @param parts texts without NUL, as all that senders give are
   */
  public static String id(String... parts) {
    byte[] digest =
        Hashing.sha256().hashString(String.join("\0", parts), StandardCharsets.UTF_8).asBytes();
    return HexFormat.of().formatHex(digest, 0, 16);
  }

  private static Conversion conversion(MatchedEvent event, GoalMatch goal, Touch touch) {
    Conversion conversion = new Conversion();
    conversion.tenant = event.tenant;
    conversion.conversionId = conversionId(event.tenant, goal.goal, event.visitorId, event.eventId);
    conversion.goal = goal.goal;
    conversion.version = goal.version;
    conversion.definitionsVersion = event.definitionsVersion;
    conversion.visitorId = event.visitorId;
    conversion.sessionId = SessionRules.sessionId(event.tenant, event.visitorId, touch.startedAt);
    conversion.eventId = event.eventId;
    conversion.occurredAt = event.occurredAt;
    conversion.revenueCents = goal.revenueCents;
    conversion.currency = goal.currency;
    conversion.bot = event.bot;
    return conversion;
  }
}
