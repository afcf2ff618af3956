package dev.ancestral.trainer.data.cache;

import java.io.Closeable;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Optional;
import java.util.zip.CRC32C;

/**
 * Bytes under names in one file that grows at its end. A name has a stamp, by which its owner tells
 * whether the bytes are still its own; of several records with a name the last one counts. What was
 * appended stays, whenever the process ends: of a record that was being written then, nothing does.
 *
 * <pre>
 * file:   the bytes "ancestral records 2\n", then records
 * record: int nameLength, int length, long size, long time, CRC-32C of the name,
 *         CRC-32C of all this, the name in UTF-8, the bytes, CRC-32C of the bytes; big-endian
 * </pre>
 *
 * One process holds it at a time, until it is closed; what is read from it lasts longer. {@link
 * #append} is for any thread.
 */
public final class RecordLog implements AutoCloseable {
  private static final byte[] MAGIC = "ancestral records 2\n".getBytes(StandardCharsets.US_ASCII);
  private static final int HEAD = 32;
  private static final int CHECKSUM = 4;
  private static final int CHUNK = 1 << 16;

  private final Path file;
  private final Closeable lock;
  private FileChannel channel;
  private long end;

  /**
   * What names a record and dates it.
   *
   * @param name such as a path
   * @param size of what the bytes were made from
   * @param time at which that was changed last
   */
  public record Key(String name, long size, long time) {}

  /** Is told of each whole record, in the order in which they were appended. */
  @FunctionalInterface
  public interface Visitor {
    /**
     * One of them.
     *
     * @param offset where its bytes begin
     * @param length how many they are
     * @return whether it is of any use
     */
    boolean visit(Key key, long offset, int length);
  }

  /**
   * What a scan found.
   *
   * @param useful bytes of records that are of use
   * @param useless bytes of the others
   * @param damaged whether something was there that nobody wrote so
   */
  public record Scan(long useful, long useless, boolean damaged) {}

  private RecordLog(Path file, FileChannel channel, Closeable lock) {
    this.file = file;
    this.channel = channel;
    this.lock = lock;
  }

  /**
   * Opens a log, which is made where there is none.
   *
   * @param lock that is closed with it
   */
  static RecordLog open(Path file, Closeable lock) throws IOException {
    return new RecordLog(file, channel(file), lock);
  }

  private static FileChannel channel(Path file) throws IOException {
    return FileChannel.open(
        file, StandardOpenOption.CREATE, StandardOpenOption.READ, StandardOpenOption.WRITE);
  }

  /** Where it is. */
  public Path file() {
    return file;
  }

  /**
   * Reads every record. One that a process left half written is cut off: nobody has read it. Where
   * a head is damaged the file goes on without what follows, as another file: others may read this
   * one. To be called once, before anything is appended.
   */
  public Scan scan(Visitor visitor) throws IOException {
    Mapped mapped = Mapped.of(channel);
    if (mapped.size() == 0) {
      write(ByteBuffer.wrap(MAGIC));
      return new Scan(0, 0, false);
    }
    ByteBuffer magic = ByteBuffer.wrap(MAGIC);
    if (mapped.size() < MAGIC.length || !mapped.at(0, MAGIC.length).equals(magic)) {
      anew();
      return new Scan(0, 0, true);
    }
    long useful = 0;
    long useless = 0;
    boolean damaged = false;
    end = MAGIC.length;
    while (mapped.size() - end >= HEAD) {
      ByteBuffer head = mapped.at(end, HEAD);
      int nameLength = head.getInt(0);
      int length = head.getInt(4);
      long total = (long) HEAD + nameLength + length + CHECKSUM;
      if (head.getInt(HEAD - CHECKSUM) != checksum(mapped.at(end, HEAD - CHECKSUM))
          || nameLength < 0
          || length < 0
          || total > Mapped.LONGEST) {
        replace(end);
        return new Scan(useful, useless, true);
      }
      if (end + total > mapped.size()) {
        // As a process leaves it that ended while it wrote.
        break;
      }
      ByteBuffer name = mapped.at(end + HEAD, nameLength);
      long offset = end + HEAD + nameLength;
      boolean whole =
          head.getInt(HEAD - 2 * CHECKSUM) == checksum(name.duplicate())
              && read(mapped, offset, length).isPresent();
      Key key =
          new Key(
              StandardCharsets.UTF_8.decode(name).toString(), head.getLong(8), head.getLong(16));
      damaged |= !whole;
      if (whole && visitor.visit(key, offset, length)) {
        useful += total;
      } else {
        useless += total;
      }
      end += total;
    }
    if (end < mapped.size()) {
      channel.truncate(end);
    }
    return new Scan(useful, useless, damaged);
  }

  /**
   * The bytes of a record.
   *
   * @param mapped the log
   * @param offset where they begin
   * @param length how many they are
   * @return empty if they are not those that were appended
   */
  public static Optional<ByteBuffer> read(Mapped mapped, long offset, int length) {
    ByteBuffer bytes = mapped.at(offset, length);
    boolean whole = mapped.at(offset + length, CHECKSUM).getInt() == checksum(bytes.duplicate());
    return whole ? Optional.of(bytes) : Optional.empty();
  }

  /**
   * Adds a record.
   *
   * @return where its bytes begin
   * @throws IOException if the disc is full or fails; then nothing was added
   */
  public synchronized long append(Key key, byte[] bytes) throws IOException {
    byte[] name = key.name().getBytes(StandardCharsets.UTF_8);
    ByteBuffer record = ByteBuffer.allocate(HEAD + name.length + bytes.length + CHECKSUM);
    record.putInt(name.length).putInt(bytes.length).putLong(key.size()).putLong(key.time());
    record.putInt(checksum(ByteBuffer.wrap(name)));
    record.putInt(checksum(record.duplicate().flip()));
    record.put(name).put(bytes).putInt(checksum(ByteBuffer.wrap(bytes))).flip();
    long start = end;
    write(record);
    return start + HEAD + name.length;
  }

  /** In pieces, since a thread keeps a copy of the largest that it wrote. */
  private void write(ByteBuffer bytes) throws IOException {
    long position = end;
    for (int whole = bytes.limit(); bytes.hasRemaining(); bytes.limit(whole)) {
      bytes.limit(Math.min(whole, bytes.position() + CHUNK));
      while (bytes.hasRemaining()) {
        position += channel.write(bytes, position);
      }
    }
    end = position;
  }

  private static int checksum(ByteBuffer bytes) {
    CRC32C checksum = new CRC32C();
    checksum.update(bytes);
    return (int) checksum.getValue();
  }

  /** Everything in it so far, to be read from any thread, also after it is closed. */
  public Mapped map() throws IOException {
    return Mapped.of(channel);
  }

  /** Lets others have it. */
  @Override
  public void close() throws IOException {
    try {
      channel.close();
    } finally {
      lock.close();
    }
  }

  /** Begins again, empty; who reads from the file before is not disturbed. */
  public void anew() throws IOException {
    replace(0);
    write(ByteBuffer.wrap(MAGIC));
  }

  /** Puts another file in its place, which begins with as many bytes of it. */
  private void replace(long kept) throws IOException {
    Files.deleteIfExists(file);
    try (FileChannel before = channel) {
      channel = channel(file);
      for (long copied = 0; copied < kept; ) {
        copied += before.transferTo(copied, kept - copied, channel);
      }
    }
    end = kept;
  }
}
