package dev.ancestral.trainer.data.parquet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Objects;
import org.apache.parquet.format.FileMetaData;
import org.apache.parquet.format.Util;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a file says of itself is not believed. */
class ParquetShardTest {
  private static final String MARK = "PAR1";

  @TempDir private Path directory;

  /** A set whose file says that each group has so many rows. */
  private Path promising(long rows) throws IOException {
    byte[] whole;
    try (InputStream in =
        Objects.requireNonNull(
            ParquetShardTest.class.getResourceAsStream(
                "../parquet/train-00000-of-00002.parquet"))) {
      whole = in.readAllBytes();
    }
    int end = whole.length - Integer.BYTES - MARK.length();
    int start = end - ByteBuffer.wrap(whole).order(ByteOrder.LITTLE_ENDIAN).getInt(end);
    FileMetaData metadata =
        Util.readFileMetaData(new ByteArrayInputStream(Arrays.copyOfRange(whole, start, end)));
    metadata.getRow_groups().forEach(group -> group.setNum_rows(rows));
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    out.write(whole, 0, start);
    Util.writeFileMetaData(metadata, out);
    int length = out.size() - start;
    out.write(
        ByteBuffer.allocate(Integer.BYTES).order(ByteOrder.LITTLE_ENDIAN).putInt(length).array());
    out.write(whole, whole.length - MARK.length(), MARK.length());
    return Files.write(directory.resolve("a.parquet"), out.toByteArray());
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE, 100_000, Integer.MAX_VALUE, Long.MAX_VALUE})
  void aNumberOfRowsThatNoFileOfItsLengthHas_isRefused(long rows) throws IOException {
    Path file = promising(rows);
    String message =
        assertThrows(IllegalArgumentException.class, () -> ParquetShard.open(file)).getMessage();
    assertEquals(
        "%s: says of a group that it has %d rows (expected: 0 to %d, by the file's length)"
            .formatted(file, rows, Files.size(file)),
        message);
  }
}
