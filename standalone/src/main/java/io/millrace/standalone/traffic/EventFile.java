package io.millrace.standalone.traffic;

import com.fasterxml.jackson.core.JsonProcessingException;
import java.io.IOException;
import java.nio.file.Path;

/** NDJSON: one event per line, whose bytes are sent as they are. */
public final class EventFile extends TrafficFile {
  public EventFile(Path path) throws IOException {
    super(path);
  }

  @Override
  OutgoingEvent eventOf(byte[] line, long lineNumber) throws UnreadableLineException {
    try {
      return OutgoingEvent.ofJson(line);
    } catch (JsonProcessingException e) {
      throw new UnreadableLineException(
          "not JSON: "
              + e.getOriginalMessage().lines().findFirst().orElse("")
              + " at column "
              + e.getLocation().getColumnNr());
    } catch (IOException e) {
      throw new UnreadableLineException(e.getMessage() + "; each line is one event, {…}");
    }
  }
}
