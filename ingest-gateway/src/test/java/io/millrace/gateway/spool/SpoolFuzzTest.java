package io.millrace.gateway.spool;

import static org.assertj.core.api.Assertions.assertThat;

import com.code_intelligence.jazzer.junit.FuzzTest;
import java.nio.ByteBuffer;
import java.util.List;
import org.apache.kafka.clients.producer.ProducerRecord;

/** Whatever a segment holds, every byte of it is part of a record or of a gap, in order. */
class SpoolFuzzTest {
  private static final long MARKER = 0x4d494c4c52414345L;

  @FuzzTest(maxDuration = "2m")
  void findsARecordOrAGapInAnyBytes(byte[] segment) {
    assertCovered(segment, Frames.find(segment, MARKER));
  }

  @FuzzTest(maxDuration = "2m")
  void findsGoodRecordsAroundAnyBytes(byte[] damage) {
    ProducerRecord<byte[], byte[]> good = SpoolTest.record("good", 20);
    int frame = Frames.size(good);
    ByteBuffer segment = ByteBuffer.allocate(2 * frame + damage.length);
    Frames.write(MARKER, good, segment);
    segment.put(damage);
    Frames.write(MARKER, good, segment);

    Frames.Found found = Frames.find(segment.array(), MARKER);

    assertCovered(segment.array(), found);
    assertThat(found.frames().get(0).start()).isZero();
    assertThat(found.frames().get(found.frames().size() - 1).end()).isEqualTo(segment.capacity());
  }

  @FuzzTest(maxDuration = "2m")
  void readsNoRecordOrOneThatIsWrittenTheSame(byte[] bytes) {
    ProducerRecord<byte[], byte[]> record = RecordCodec.read(ByteBuffer.wrap(bytes));
    if (record == null) {
      return;
    }
    ByteBuffer again = ByteBuffer.allocate(RecordCodec.size(record));
    RecordCodec.write(record, again);

    assertThat(RecordCodec.read(again.flip())).usingRecursiveComparison().isEqualTo(record);
  }

  private static void assertCovered(byte[] segment, Frames.Found found) {
    List<Frames.Gap> gaps = found.gaps();
    int covered =
        found.frames().stream().mapToInt(one -> one.end() - one.start()).sum()
            + gaps.stream().mapToInt(gap -> gap.end() - gap.start()).sum();
    assertThat(covered).isEqualTo(segment.length);
    assertThat(gaps.stream().filter(Frames.Gap::last).count()).isLessThanOrEqualTo(1);
  }
}
