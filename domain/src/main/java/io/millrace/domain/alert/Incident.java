package io.millrace.domain.alert;

import com.google.common.hash.Hashing;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;

/** What belongs together while something is wrong, from its first window to its end. */
final class Incident {
  /** A series of which nothing is heard any more keeps no alert open. */
  static final Duration FORGOTTEN_AFTER = Duration.ofHours(24);

  /** Not due. */
  static final long NEVER = Long.MAX_VALUE;

  private static final int ID_DIGITS = 32;

  /** How it stands with one series. */
  enum Standing {
    BREACHING,
    RECOVERED,
    WITHDRAWN
  }

  /** One series in it. */
  static final class Member {
    Standing standing;
    long firstStartMillis;
    long heardUntilMillis;
    Alert.Series found;
  }

  String id;
  String rule;
  String group;
  long startMillis;
  long endMillis;

  /** By the key of the series. */
  TreeMap<String, Member> members = new TreeMap<>();

  /** When the first message is due, if it has not gone out. */
  long fireMillis = NEVER;

  /** Null before the first message. */
  Long firedMillis;

  long escalateMillis = NEVER;
  int steps;
  boolean acknowledged;
  long closedMillis = NEVER;

  static Incident of(String tenant, String rule, String group, long startMillis) {
    Incident incident = new Incident();
    incident.id = id(tenant, rule, group, startMillis);
    incident.rule = rule;
    incident.group = group;
    incident.startMillis = startMillis;
    return incident;
  }

  static String id(String tenant, String rule, String group, long startMillis) {
    return Hashing.sha256()
        .hashString(
            String.join("\0", tenant, rule, group, Long.toString(startMillis)),
            StandardCharsets.UTF_8)
        .toString()
        .substring(0, ID_DIGITS);
  }

  void breach(WindowFact fact, Alert.Series found) {
    Member member = members.computeIfAbsent(fact.seriesKey(), key -> new Member());
    if (member.standing != Standing.BREACHING) {
      member.standing = Standing.BREACHING;
      member.firstStartMillis = fact.windowStartMillis();
    }
    member.heardUntilMillis = fact.windowEndMillis();
    member.found = found;
    endMillis = Math.max(endMillis, fact.windowEndMillis());
  }

  /** Joins a finding to what is over. */
  void absorb(WindowFact fact, Alert.Series found) {
    breach(fact, found);
    members.get(fact.seriesKey()).standing = Standing.RECOVERED;
  }

  void recover(WindowFact fact) {
    Member member = members.get(fact.seriesKey());
    if (member != null && member.standing == Standing.BREACHING) {
      member.standing = Standing.RECOVERED;
    }
  }

  void hear(WindowFact fact) {
    Member member = members.get(fact.seriesKey());
    if (member != null) {
      member.heardUntilMillis = Math.max(member.heardUntilMillis, fact.windowEndMillis());
    }
  }

  /** Takes back what the window began; returns whether it began anything here. */
  boolean withdraw(WindowFact fact) {
    Member member = members.get(fact.seriesKey());
    if (member == null
        || member.standing == Standing.WITHDRAWN
        || member.firstStartMillis != fact.windowStartMillis()) {
      return false;
    }
    member.standing = Standing.WITHDRAWN;
    return true;
  }

  /** Lets go of series of which nothing was heard for long. */
  void forget(long nowMillis) {
    for (Member member : members.values()) {
      if (member.standing == Standing.BREACHING
          && member.heardUntilMillis + FORGOTTEN_AFTER.toMillis() <= nowMillis) {
        member.standing = Standing.RECOVERED;
      }
    }
  }

  boolean isBreaching() {
    return members.values().stream().anyMatch(member -> member.standing == Standing.BREACHING);
  }

  boolean isWithdrawn() {
    return members.values().stream().allMatch(member -> member.standing == Standing.WITHDRAWN);
  }

  /** When something has to be done if nothing more is heard. */
  long dueMillis() {
    long due = Math.min(fireMillis, acknowledged ? NEVER : escalateMillis);
    for (Member member : members.values()) {
      if (member.standing == Standing.BREACHING) {
        due = Math.min(due, member.heardUntilMillis + FORGOTTEN_AFTER.toMillis());
      }
    }
    return due;
  }

  Severity severity() {
    return members.values().stream()
        .map(member -> member.found.severity())
        .max(Comparator.naturalOrder())
        .orElseThrow();
  }

  /** What was found, worst first; what was taken back only where that is all. */
  List<Alert.Series> found() {
    boolean all = isWithdrawn();
    return members.values().stream()
        .filter(member -> all || member.standing != Standing.WITHDRAWN)
        .sorted(Comparator.comparing((Member member) -> member.found.severity()).reversed())
        .map(member -> member.found)
        .toList();
  }
}
