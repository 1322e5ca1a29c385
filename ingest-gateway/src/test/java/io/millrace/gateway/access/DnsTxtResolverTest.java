package io.millrace.gateway.access;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatExceptionOfType;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.DatagramPacket;
import java.net.DatagramSocket;
import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a name server of a few lines, over UDP. */
class DnsTxtResolverTest {
  private static final int NO_SUCH_NAME = 3;
  private static final int HEADER_BYTES = 12;
  private static final Map<String, List<String>> ZONE =
      Map.of(
          "_millrace.t.example.com", List.of("v=other", "the-token"),
          "empty.example.com", List.of());

  private DatagramSocket socket;
  private DnsTxtResolver resolver;

  @BeforeEach
  void serve() throws Exception {
    socket = new DatagramSocket(0, InetAddress.getLoopbackAddress());
    resolver = new DnsTxtResolver("127.0.0.1:" + socket.getLocalPort());
    Thread server = new Thread(this::answerAll, "name-server");
    server.setDaemon(true);
    server.start();
  }

  @AfterEach
  void stop() {
    socket.close();
  }

  @Test
  void readsAllTextsOfAName() throws Exception {
    assertThat(resolver.texts("_millrace.t.example.com"))
        .containsExactlyInAnyOrder("v=other", "the-token");
    assertThat(resolver.texts("empty.example.com")).isEmpty();
    assertThat(resolver.texts("nobody.example.com")).isEmpty();
  }

  @Test
  void saysThatNoAnswerCame() {
    socket.close();

    assertThatExceptionOfType(IOException.class)
        .isThrownBy(() -> resolver.texts("_millrace.t.example.com"))
        .withMessageStartingWith("the DNS gave no answer for _millrace.t.example.com: ");
  }

  private void answerAll() {
    byte[] buffer = new byte[512];
    try {
      while (true) {
        DatagramPacket question = new DatagramPacket(buffer, buffer.length);
        socket.receive(question);
        byte[] answer = answer(Arrays.copyOf(buffer, question.getLength()));
        socket.send(new DatagramPacket(answer, answer.length, question.getSocketAddress()));
      }
    } catch (IOException e) {
      assertThat(socket.isClosed()).as(e.toString()).isTrue();
    }
  }

  private static byte[] answer(byte[] question) throws IOException {
    StringBuilder name = new StringBuilder();
    int at = HEADER_BYTES;
    while (question[at] != 0) {
      name.append(name.length() == 0 ? "" : ".")
          .append(new String(question, at + 1, question[at], US_ASCII));
      at += question[at] + 1;
    }
    int end = at + 5; // the final zero, type and class
    List<String> texts = ZONE.get(name.toString());

    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    DataOutputStream out = new DataOutputStream(bytes);
    out.write(question, 0, 2);
    out.writeShort(0x8580 | (texts == null ? NO_SUCH_NAME : 0)); // an answer, authoritative
    out.writeShort(1);
    out.writeShort(texts == null ? 0 : texts.size());
    out.writeInt(0);
    out.write(question, HEADER_BYTES, end - HEADER_BYTES);
    for (String text : texts == null ? List.<String>of() : texts) {
      out.writeShort(0xC000 | HEADER_BYTES); // the name of the question
      out.writeShort(16); // TXT
      out.writeShort(1);
      out.writeInt(60);
      out.writeShort(text.length() + 1);
      out.writeByte(text.length());
      out.writeBytes(text);
    }
    return bytes.toByteArray();
  }
}
