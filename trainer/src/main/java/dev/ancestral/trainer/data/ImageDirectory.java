package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.data.folder.Archive;
import dev.ancestral.trainer.data.folder.ImageFile;
import dev.ancestral.trainer.data.folder.ImageFolder;
import dev.ancestral.trainer.data.image.DecodeSettings;
import dev.ancestral.trainer.data.image.DecodedImage;
import dev.ancestral.trainer.data.image.ImageDecoder;
import dev.ancestral.trainer.data.image.ImageHeader;
import dev.ancestral.trainer.data.image.UnreadableImageException;
import dev.ancestral.trainer.data.parquet.ParquetFolder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/**
 * A folder of images, or an archive or a set of Parquet files that is read as one: each
 * sub-directory is a class (its whole tree belongs to it), or, without any, there are no classes.
 *
 * <p>Without a configured size the most frequent one holds for all. Without configured channels one
 * coloured pixel in one file makes all of them RGB, else they are gray.
 */
final class ImageDirectory {
  private static final int LEVELS = 256;

  /** What a pixel takes at most while its image is decoded, in the decoder's hands and in ours. */
  private static final long BYTES_PER_PIXEL = 16;

  private final ImageFolder folder;
  private final DataOptions options;
  private final Opening opening;
  private final FolderCache cache;
  private final ReadFiles headers;
  private final List<FileSize> sizes;
  private final TargetSize target;

  private ImageDirectory(
      ImageFolder folder,
      DataOptions options,
      Opening opening,
      FolderCache cache,
      ReadFiles headers,
      List<FileSize> sizes) {
    this.folder = folder;
    this.options = options;
    this.opening = opening;
    this.cache = cache;
    this.headers = headers;
    this.sizes = sizes;
    this.target = TargetSize.choose(sizes, options, opening.recorded());
  }

  /** Reads every pixel. */
  static Dataset open(Path directory, DataOptions options, Opening opening) throws IOException {
    return open(directory, options, opening, FolderCache.ofUser());
  }

  static Dataset open(Path directory, DataOptions options, Opening opening, FolderCache cache)
      throws IOException {
    return read(directory, options, opening, cache).decode();
  }

  /** Reads every header, and pixels as far as it takes to tell gray from colour. */
  static DataSummary describe(Path directory, DataOptions options, Opening opening)
      throws IOException {
    return describe(directory, options, opening, FolderCache.ofUser());
  }

  static DataSummary describe(
      Path directory, DataOptions options, Opening opening, FolderCache cache) throws IOException {
    return read(directory, options, opening, cache).summary();
  }

  private static ImageDirectory read(
      Path directory, DataOptions options, Opening opening, FolderCache cache) throws IOException {
    options.requireNoPointOptions(directory.toString());
    options.requireNoArrayOptions(directory.toString());
    ImageFolder folder = scan(directory, cache);
    if (folder.files().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: holds no image (expected: %s files, at least 1%s)"
              .formatted(
                  directory,
                  String.join(", ", ImageDecoder.ENDINGS),
                  folder.others().isEmpty() ? "" : "; " + FolderRemarks.counted(folder.others())));
    }
    ImageFolder ordered = inRecordedOrder(folder, opening);
    Results<FileSize> sizes = cache.sizes(ordered, opening.out());
    ReadFiles headers =
        cache.fill(
            sizes,
            () ->
                ReadFiles.read(
                    "opening",
                    ordered.files(),
                    sizes,
                    cores(),
                    opening,
                    ImageDirectory::size,
                    Unreadable.NONE));
    requireReadable(ordered, options, headers);
    // Of many images few have a size of their own.
    Map<FileSize, FileSize> distinct = new HashMap<>();
    List<FileSize> read = headers.values(sizes);
    read.replaceAll(size -> distinct.computeIfAbsent(size, same -> same));
    return new ImageDirectory(ordered, options, opening, cache, headers, read);
  }

  /** A directory, an archive, or Parquet files in the place of images. */
  private static ImageFolder scan(Path place, FolderCache cache) throws IOException {
    Set<String> endings = Set.copyOf(ImageDecoder.ENDINGS);
    Optional<Archive> archive = Archive.of(place);
    if (archive.isPresent()) {
      return archive.get().scan(endings, cache.scratch());
    }
    if (Files.isRegularFile(place) && ParquetFolder.isOne(place)) {
      return ParquetFolder.scan(place);
    }
    ImageFolder folder = ImageFolder.scan(place, endings);
    boolean parquet =
        folder.files().isEmpty()
            && folder.others().keySet().stream()
                .anyMatch(name -> ParquetFolder.isOne(Path.of(name)));
    return parquet ? ParquetFolder.scan(place) : folder;
  }

  private static ImageFolder inRecordedOrder(ImageFolder folder, Opening opening) {
    DataDescription recorded = opening.recorded();
    if (recorded == null) {
      return folder;
    }
    List<String> names = recorded.classNames();
    boolean known = names.containsAll(folder.classes());
    boolean all = known && names.size() == folder.classes().size();
    return switch (opening.classes()) {
      case ALL -> all ? folder.withClasses(names) : folder;
      case SOME -> known ? folder.withClasses(names) : folder;
    };
  }

  private static void requireReadable(ImageFolder folder, DataOptions options, ReadFiles read) {
    read.unreadable()
        .requireAtMost(options.skipUnreadableOrNone(), folder.root(), folder.files().size());
    BitSet before = labels(folder.files());
    before.andNot(labels(read.files()));
    if (!before.isEmpty()) {
      throw new IllegalArgumentException(
          "%s: none of its images can be read: %s (expected: at least 1)"
              .formatted(
                  folder.classes().isEmpty()
                      ? folder.root()
                      : folder.root().resolve(folder.classes().get(before.nextSetBit(0))),
                  read.unreadable().named()));
    }
  }

  private static BitSet labels(List<ImageFile> files) {
    BitSet labels = new BitSet();
    files.forEach(file -> labels.set(file.label()));
    return labels;
  }

  private Dataset decode() throws IOException {
    FileSize size = target.size();
    DecodeSettings settings = decodeSettings();
    ImageFitter fitter =
        new ImageFitter(
            size.height(), size.width(), options.fitOrCover(), options.paddingOrWhite());
    Results<FittedImage> images =
        cache.images(folder, headers.files(), sizes, fitter, options.bits(), opening.out());
    ReadFiles decoded =
        cache.fill(
            images,
            () ->
                ReadFiles.read(
                    "decoding",
                    headers.files(),
                    images,
                    threads(),
                    opening,
                    file -> FittedImage.of(decode(file, settings), fitter),
                    headers.unreadable()));
    cache.evict();
    requireReadable(folder, options, decoded);
    int[] numbers = decoded.numbers();
    UsedLevels levels = new UsedLevels();
    for (int number : numbers) {
      levels.add(images.get(number));
    }
    int channels = chosenChannels().orElse(levels.coloured() > 0 ? 3 : 1);
    FolderRemarks remarks = remarks(decoded.files(), decoded.unreadable());
    remarks.colour(channels, levels.coloured(), options.channels() != null);
    remarks.cache(cache.said());
    remarks.levels(levels);
    return new PixelDataset(
        description(channels),
        i -> images.get(numbers[i]).planes().withChannels(channels),
        decoded.files().stream().mapToInt(ImageFile::label).toArray(),
        remarks.lines());
  }

  private DataSummary summary() throws IOException {
    FolderRemarks remarks = remarks(headers.files(), headers.unreadable());
    Optional<Integer> chosen = chosenChannels();
    if (chosen.isPresent()) {
      return summary(chosen.get(), remarks);
    }
    ImageFile first = headers.files().get(0);
    if (isColoured(first)) {
      remarks.colourOf(first);
      return summary(3, remarks);
    }
    return DataSummary.of(decode());
  }

  private boolean isColoured(ImageFile file) {
    try {
      return decode(file, decodeSettings()).coloured();
    } catch (UnreadableImageException e) {
      // To be refused, or left out, with all that are.
      return false;
    }
  }

  private static DecodedImage decode(ImageFile file, DecodeSettings settings) {
    return ImageDecoder.decode(file.path(), file::open, settings);
  }

  private DataSummary summary(int channels, FolderRemarks remarks) {
    return new DataSummary(description(channels), headers.files().size(), remarks.lines());
  }

  private FolderRemarks remarks(List<ImageFile> files, Unreadable unreadable) {
    FolderRemarks remarks = new FolderRemarks(folder, files);
    remarks.size(target, sizes);
    remarks.fit(options, target.size(), sizes);
    remarks.leftOut(unreadable);
    return remarks;
  }

  /** By the settings, else by the run that goes on. */
  private Optional<Integer> chosenChannels() {
    Integer configured = options.channels();
    if (configured != null) {
      return Optional.of(configured);
    }
    DataDescription recorded = opening.recorded();
    return recorded == null || !recorded.spec().isImage()
        ? Optional.empty()
        : Optional.of(Math.toIntExact(recorded.spec().shape().get(0)));
  }

  private DataDescription description(int channels) {
    DataOptions.Range range = options.rangeOrSymmetric();
    FileSize size = target.size();
    return new DataDescription(
        folder.root().toString(),
        new DataSpec(
            List.of((long) channels, (long) size.height(), (long) size.width()),
            range.min(),
            range.max(),
            LEVELS),
        folder.classes());
  }

  private DecodeSettings decodeSettings() {
    return DecodeSettings.DEFAULTS.withBits(options.bits());
  }

  private static FileSize size(ImageFile file) {
    ImageHeader header = ImageDecoder.header(file.path(), file::open);
    return new FileSize(header.height(), header.width());
  }

  /** As many images at once as there are cores, and half of the heap has room for. */
  private int threads() {
    long largest = sizes.stream().mapToLong(FileSize::pixels).max().orElse(1);
    long room = Runtime.getRuntime().maxMemory() / 2 / (largest * BYTES_PER_PIXEL);
    return (int) Math.max(1, Math.min(cores(), room));
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }
}
