package io.millrace.benchmarks.load;

import static java.nio.charset.StandardCharsets.US_ASCII;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.util.List;

/** Requests to {@code POST /v1/collect} as they go over the wire. */
public final class Requests {
  private final byte[] head;

  /** For one gateway and one of its keys. */
  public Requests(URI gateway, String writeKey) {
    head =
        ("POST /v1/collect HTTP/1.1\r\nhost: "
                + gateway.getHost()
                + "\r\nauthorization: Bearer "
                + writeKey
                + "\r\ncontent-type: application/json\r\ncontent-length: ")
            .getBytes(US_ASCII);
  }

  /** One bare event. */
  public byte[] single(byte[] event) {
    return request(event);
  }

  /** Several events that are sent now. */
  public byte[] batch(List<byte[]> events, long sentAt) {
    ByteArrayOutputStream body = new ByteArrayOutputStream(events.size() * 512);
    body.writeBytes("{\"events\":[".getBytes(US_ASCII));
    for (int i = 0; i < events.size(); i++) {
      if (i > 0) {
        body.write(',');
      }
      body.writeBytes(events.get(i));
    }
    body.writeBytes(("],\"metadata\":{\"sentAt\":" + sentAt + "}}").getBytes(US_ASCII));
    return request(body.toByteArray());
  }

  private byte[] request(byte[] body) {
    ByteArrayOutputStream request = new ByteArrayOutputStream(head.length + body.length + 16);
    request.writeBytes(head);
    request.writeBytes((body.length + "\r\n\r\n").getBytes(US_ASCII));
    request.writeBytes(body);
    return request.toByteArray();
  }
}
