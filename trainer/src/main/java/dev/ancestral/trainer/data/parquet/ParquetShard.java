package dev.ancestral.trainer.data.parquet;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;
import org.apache.parquet.column.ColumnDescriptor;
import org.apache.parquet.column.ColumnReader;
import org.apache.parquet.column.impl.ColumnReadStoreImpl;
import org.apache.parquet.column.page.PageReadStore;
import org.apache.parquet.hadoop.ParquetFileReader;
import org.apache.parquet.hadoop.metadata.BlockMetaData;
import org.apache.parquet.hadoop.metadata.ColumnChunkMetaData;
import org.apache.parquet.hadoop.metadata.CompressionCodecName;
import org.apache.parquet.io.LocalInputFile;
import org.apache.parquet.schema.MessageType;
import org.apache.parquet.schema.PrimitiveType.PrimitiveTypeName;
import org.apache.parquet.schema.Type;
import org.jspecify.annotations.Nullable;

/** One file of a set. Opened for each use, and closed behind it. */
final class ParquetShard {
  /** What the library decompresses without others. */
  private static final List<CompressionCodecName> CODECS =
      List.of(
          CompressionCodecName.UNCOMPRESSED,
          CompressionCodecName.SNAPPY,
          CompressionCodecName.ZSTD);

  private static final long MOST_BYTES_OF_A_GROUP = Integer.MAX_VALUE;

  private final Path file;
  private final ParquetColumns columns;
  private final List<Long> rows = new ArrayList<>();

  private ParquetShard(Path file, ParquetColumns columns) {
    this.file = file;
    this.columns = columns;
  }

  /**
   * Understands a file's end, where its columns and groups of rows are told.
   *
   * @throws IllegalArgumentException naming the file and what is wrong with it
   */
  static ParquetShard open(Path file) throws IOException {
    return reading(
        file,
        reader -> {
          ParquetColumns columns = ParquetColumns.of(file, reader.getFooter().getFileMetaData());
          ParquetShard shard = new ParquetShard(file, columns);
          long room = Math.min(Files.size(file), Integer.MAX_VALUE);
          for (BlockMetaData group : reader.getRowGroups()) {
            shard.check(group);
            room -= shard.checkedRows(group, room);
            shard.rows.add(group.getRowCount());
          }
          return shard;
        });
  }

  /** What is read from an open file. */
  private interface Reading<T> {
    T from(ParquetFileReader reader) throws IOException;
  }

  private static <T> T reading(Path file, Reading<T> reading) throws IOException {
    try (ParquetFileReader reader = ParquetFileReader.open(new LocalInputFile(file))) {
      return reading.from(reader);
    } catch (IllegalArgumentException e) {
      throw e;
    } catch (RuntimeException e) {
      // The library throws any kind on damaged files.
      throw new IllegalArgumentException(
          "%s: is damaged (%s; expected: Parquet)".formatted(file, e.getMessage()), e);
    }
  }

  private void check(BlockMetaData group) {
    for (ColumnChunkMetaData chunk : group.getColumns()) {
      String column = chunk.getPath().toArray()[0];
      if (!column.equals(columns.image()) && !column.equals(columns.label())) {
        continue;
      }
      if (!CODECS.contains(chunk.getCodec())) {
        throw new IllegalArgumentException(
            "%s: column %s is compressed by %s (expected: snappy, zstd or nothing)"
                .formatted(file, column, chunk.getCodec()));
      }
      if (chunk.getTotalUncompressedSize() > MOST_BYTES_OF_A_GROUP) {
        throw new IllegalArgumentException(
            "%s: column %s has %d MiB in a group of rows (expected: at most %d)"
                .formatted(
                    file,
                    column,
                    chunk.getTotalUncompressedSize() >> 20,
                    MOST_BYTES_OF_A_GROUP >> 20));
      }
    }
  }

  /** A row takes a byte at least, since it has an image; so a file cannot promise any number. */
  private long checkedRows(BlockMetaData group, long room) {
    if (group.getRowCount() < 0 || group.getRowCount() > room) {
      throw new IllegalArgumentException(
          "%s: says of a group that it has %d rows (expected: 0 to %d, by the file's length)"
              .formatted(file, group.getRowCount(), room));
    }
    return group.getRowCount();
  }

  Path file() {
    return file;
  }

  ParquetColumns columns() {
    return columns;
  }

  /** Rows of each group. */
  List<Long> groups() {
    return rows;
  }

  /** Rows of all groups. */
  int rows() {
    return Math.toIntExact(rows.stream().mapToLong(Long::longValue).sum());
  }

  /** Labels that are numbers, of all rows; -1 where one is missing, as where the file says so. */
  long[] numbers() throws IOException {
    long[] labels = new long[rows()];
    int[] next = {0};
    labels(
        value ->
            labels[next[0]++] =
                value == null
                    ? -1
                    : value.getDescriptor().getPrimitiveType().getPrimitiveTypeName()
                            == PrimitiveTypeName.INT64
                        ? value.getLong()
                        : value.getInteger());
    return labels;
  }

  /** Labels that are texts, of all rows; an empty one where it is missing. */
  List<String> texts() throws IOException {
    List<String> texts = new ArrayList<>(rows());
    Map<String, String> distinct = new HashMap<>();
    labels(
        value -> {
          String text = value == null ? "" : value.getBinary().toStringUsingUTF8();
          texts.add(distinct.computeIfAbsent(text, same -> same));
        });
    return texts;
  }

  private void labels(Consumer<@Nullable ColumnReader> each) throws IOException {
    String[] path = {Objects.requireNonNull(columns.label())};
    reading(
        file,
        reader -> {
          for (int group = 0; group < rows.size(); group++) {
            column(reader, group, path, each);
          }
          return path;
        });
  }

  /** The encoded images of one group's rows; no bytes where there is none. */
  byte[][] images(int group) throws IOException {
    byte[][] images = new byte[Math.toIntExact(rows.get(group))][];
    int[] next = {0};
    return reading(
        file,
        reader -> {
          column(
              reader,
              group,
              columns.imagePath(),
              value ->
                  images[next[0]++] = value == null ? new byte[0] : value.getBinary().getBytes());
          return images;
        });
  }

  /** Shows a column's values, null for those that are missing; reads no other column. */
  private void column(
      ParquetFileReader reader, int group, String[] path, Consumer<@Nullable ColumnReader> each)
      throws IOException {
    MessageType whole = reader.getFooter().getFileMetaData().getSchema();
    MessageType wanted = new MessageType(whole.getName(), narrowed(whole.getType(path[0]), path));
    ColumnDescriptor column = wanted.getColumnDescription(path);
    reader.setRequestedSchema(wanted);
    PageReadStore pages = reader.readRowGroup(group);
    ColumnReader values =
        new ColumnReadStoreImpl(
                pages, new NoRecords(), wanted, reader.getFooter().getFileMetaData().getCreatedBy())
            .getColumnReader(column);
    for (long row = 0; row < pages.getRowCount(); row++) {
      boolean there = values.getCurrentDefinitionLevel() == column.getMaxDefinitionLevel();
      each.accept(there ? values : null);
      values.consume();
    }
  }

  /** A column of one field, or itself if it has none. */
  private static Type narrowed(Type column, String[] path) {
    return path.length == 1
        ? column
        : column.asGroupType().withNewFields(column.asGroupType().getType(path[1]));
  }
}
