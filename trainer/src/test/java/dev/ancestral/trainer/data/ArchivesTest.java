package dev.ancestral.trainer.data;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.ancestral.trainer.data.cache.FileCache;
import dev.ancestral.trainer.data.folder.Archive;
import dev.ancestral.trainer.data.folder.ImageFile;
import dev.ancestral.trainer.data.folder.ImageFolder;
import dev.ancestral.trainer.data.image.DecodeSettings;
import dev.ancestral.trainer.data.image.ImageDecoder;
import java.awt.Color;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import java.util.zip.GZIPOutputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** An archive is what it unpacks to. */
class ArchivesTest {
  private static final DataOptions LEVELS =
      new DataOptions(null, null, null, new DataOptions.Range(0, 255));
  private static final int SIZE_IN_DIRECTORY = 24;
  private static final int FLAGS_IN_DIRECTORY = 8;
  private static final int CHECKSUM_IN_DIRECTORY = 16;

  @TempDir private Path directory;

  private Dataset open(Path path) throws IOException {
    return ImageDirectory.open(path, LEVELS, Opening.QUIET, new FolderCache(null, Long.MAX_VALUE));
  }

  private String refusal(Path path) {
    return String.valueOf(
            assertThrows(IllegalArgumentException.class, () -> open(path)).getMessage())
        .replace(directory + "/", "");
  }

  private static float[] sample(Dataset data, int index) {
    float[] out = new float[data.description().spec().elements()];
    data.sample(index, out);
    return out;
  }

  /** Two classes of three pictures, and what does not belong to them. */
  private Map<String, byte[]> files(String below) throws IOException {
    Path images = directory.resolve("images");
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 6; i++) {
      String name = (i < 3 ? "10/" : "2/") + i + ".png";
      Pictures.halves(images.resolve(name), 4, 4, new Color(40 * i, 0, 9), Color.WHITE);
      files.put(below + name, Files.readAllBytes(images.resolve(name)));
    }
    Files.writeString(images.resolve("2/notes.txt"), "notes");
    files.put(below + "2/notes.txt", "notes".getBytes(StandardCharsets.UTF_8));
    files.put("__MACOSX/" + below + "2/._5.png", new byte[] {1});
    files.put(below + ".hidden/5.png", new byte[] {1});
    return files;
  }

  private Path zip(String name, Map<String, byte[]> files) throws IOException {
    Path file = directory.resolve(name);
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(file))) {
      for (Map.Entry<String, byte[]> each : files.entrySet()) {
        out.putNextEntry(new ZipEntry(each.getKey()));
        out.write(each.getValue());
      }
    }
    return file;
  }

  private static byte[] tar(Map<String, byte[]> files) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      out.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (Map.Entry<String, byte[]> each : files.entrySet()) {
        TarArchiveEntry entry = new TarArchiveEntry(each.getKey());
        entry.setSize(each.getValue().length);
        out.putArchiveEntry(entry);
        out.write(each.getValue());
        out.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private Path archive(String name, Map<String, byte[]> files) throws IOException {
    if (name.endsWith(".zip")) {
      return zip(name, files);
    }
    Path file = directory.resolve(name);
    try (OutputStream raw = Files.newOutputStream(file);
        OutputStream out = name.endsWith("gz") ? new GZIPOutputStream(raw) : raw) {
      out.write(tar(files));
    }
    return file;
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.zip", "A.TAR", "a.tar.gz", "a.tgz"})
  void anArchiveIsReadAsTheDirectoryThatItUnpacksTo(String name) throws IOException {
    Path archive = archive(name, files(""));
    Dataset unpacked = open(directory.resolve("images"));
    Dataset data = open(archive);
    assertEquals(List.of("2", "10"), data.description().classNames());
    assertEquals(unpacked.description().spec(), data.description().spec());
    assertEquals(6, data.size());
    for (int i = 0; i < 6; i++) {
      assertArrayEquals(sample(unpacked, i), sample(data, i), name + ", image " + i);
      assertEquals(unpacked.label(i), data.label(i));
    }
    assertEquals(unpacked.remarks(), data.remarks());
    assertTrue(data.remarks().contains("left out  1 file is not an image: 1 .txt"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.zip", "a.tar"})
  void directoriesThatAllImagesAreIn_areNoClass(String name) throws IOException {
    Dataset data = open(archive(name, files("pets/all/")));
    assertEquals(List.of("2", "10"), data.description().classNames());
    Map<String, byte[]> both = new LinkedHashMap<>(files("train/"));
    both.putAll(files("test/"));
    Path parts = archive("parts-" + name, both);
    assertTrue(refusal(parts).contains("parts of a data set and no classes"), refusal(parts));
    assertTrue(refusal(parts).endsWith("such as --data parts-" + name + "/train)"), refusal(parts));
    Dataset part = open(parts.resolve("train"));
    assertEquals(6, part.size());
    assertEquals(List.of("2", "10"), part.description().classNames());
  }

  @ParameterizedTest
  @ValueSource(strings = {"a.zip", "a.tar"})
  void manyThreadsReadItAtOnce(String name) throws IOException {
    Map<String, byte[]> files = new LinkedHashMap<>();
    for (int i = 0; i < 2000; i++) {
      byte[] bytes = files.get("%04d.png".formatted(i % 251));
      files.put(
          "%04d.png".formatted(i),
          bytes != null
              ? bytes
              : Files.readAllBytes(Pictures.gray(directory.resolve("gray.png"), 4, 4, i)));
    }
    ImageFolder folder =
        Archive.of(archive(name, files)).orElseThrow().scan(Set.of(".png"), directory);
    IntStream.range(0, 2000)
        .parallel()
        .forEach(
            i -> {
              ImageFile file = folder.files().get(i);
              byte[] pixels =
                  ImageDecoder.decode(file.path(), file::open, DecodeSettings.DEFAULTS).pixels();
              assertEquals(i % 251, pixels[0] & 0xFF);
            });
  }

  @Test
  void withoutDirectoriesThereAreNoClasses() throws IOException {
    Map<String, byte[]> flat = new LinkedHashMap<>();
    files("").forEach((name, bytes) -> flat.put(name.replace('/', '-'), bytes));
    flat.keySet()
        .removeIf(name -> !name.endsWith("png") || name.contains("_") || name.startsWith("."));
    Dataset data = open(zip("flat.zip", flat));
    assertEquals(List.of(), data.description().classNames());
    assertEquals(6, data.size());
  }

  @Test
  void uncompressed_itLiesNowhere(@TempDir Path scratch) throws IOException {
    Path archive = archive("a.tar.gz", files(""));
    Dataset data =
        ImageDirectory.open(
            archive,
            LEVELS,
            Opening.QUIET,
            new FolderCache(new FileCache(scratch, 1_000_000), Long.MAX_VALUE));
    assertEquals(6, data.size());
    try (Stream<Path> left = Files.list(scratch)) {
      assertEquals(List.of(), left.toList());
    }
  }

  @Test
  void aNameThatLeavesTheArchive_isLeftOut_andLinksAre() throws IOException {
    Map<String, byte[]> files = files("");
    files.put("../../evil.png", files.get("2/5.png"));
    Dataset zip = open(zip("slip.zip", files));
    assertEquals(6, zip.size());
    assertTrue(
        zip.remarks().contains("left out  ../../evil.png: its path leaves the archive"),
        zip.remarks().toString());
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream out = new TarArchiveOutputStream(bytes)) {
      TarArchiveEntry link = new TarArchiveEntry("2/link.png", TarConstants.LF_SYMLINK);
      link.setLinkName("/etc/passwd");
      out.putArchiveEntry(link);
      out.closeArchiveEntry();
    }
    byte[] end = tar(files(""));
    ByteArrayOutputStream both = new ByteArrayOutputStream();
    both.write(bytes.toByteArray(), 0, 512);
    both.write(end);
    Path tar = Files.write(directory.resolve("link.tar"), both.toByteArray());
    assertTrue(open(tar).remarks().contains("left out  2/link.png: a link"));
  }

  /** Changes a field of the last entry's record in a zip's directory. */
  private Path patched(String name, int field, int xor) throws IOException {
    byte[] bytes = Files.readAllBytes(zip("whole.zip", files("")));
    byte[] mark = {'P', 'K', 1, 2};
    int record = 0;
    for (int i = 0; i + 4 <= bytes.length; i++) {
      // The fifth of the pictures.
      if (Arrays.equals(mark, Arrays.copyOfRange(bytes, i, i + 4))
          && new String(bytes, i + 46, 7, StandardCharsets.UTF_8).equals("2/4.png")) {
        record = i;
      }
    }
    ByteBuffer all = ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    all.putInt(record + field, all.getInt(record + field) ^ xor);
    return Files.write(directory.resolve(name), bytes);
  }

  @Test
  void anEncryptedArchiveIsRefusedByName() throws IOException {
    assertEquals(
        "secret.zip: 2/4.png is encrypted (expected: an archive without a password)",
        refusal(patched("secret.zip", FLAGS_IN_DIRECTORY, 1)));
  }

  @Test
  void anEntryThatIsNotWhatItsArchiveSays_isUnreadable_andMayBeLeftOut() throws IOException {
    assertTrue(
        refusal(patched("large.zip", SIZE_IN_DIRECTORY, 0x7000_0000))
            .startsWith("large.zip/2/4.png: cannot be read (1792 MiB in its archive; at most 256"),
        "a bomb");
    assertTrue(
        refusal(patched("short.zip", SIZE_IN_DIRECTORY, 1))
            .startsWith("short.zip/2/4.png: cannot be read (its archive says that it has "));
    Path checksum = patched("sum.zip", CHECKSUM_IN_DIRECTORY, 1);
    assertTrue(
        refusal(checksum)
            .startsWith(
                "sum.zip/2/4.png: cannot be read (its checksum in the archive is another)"));
    DataOptions skipping = new DataOptions(null, null, null, null, null, null, null, 1, null, null);
    assertEquals(
        5,
        ImageDirectory.open(
                checksum, skipping, Opening.QUIET, new FolderCache(null, Long.MAX_VALUE))
            .size());
  }

  @Test
  void whatIsNoArchive_orCut_isRefusedByName() throws IOException {
    for (String name : List.of("a.zip", "a.tar", "a.tar.gz")) {
      byte[] whole = Files.readAllBytes(archive(name, files("")));
      // The third is between two entries of the tar.
      for (int wanted : new int[] {0, 10, 512 * 4, 600, 512 * 4 + 70}) {
        int length = Math.min(wanted, whole.length / 2);
        Path cut = Files.write(directory.resolve("cut-" + name), Arrays.copyOf(whole, length));
        String refusal = refusal(cut);
        assertTrue(refusal.startsWith("cut-" + name), name + " cut at " + length + ": " + refusal);
        assertFalse(refusal.contains("\n"), refusal);
      }
    }
  }
}
