package dev.ancestral.trainer.data;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.data.folder.ImageFile;
import dev.ancestral.trainer.data.folder.ImageFolder;
import dev.ancestral.trainer.data.image.DecodeSettings;
import dev.ancestral.trainer.data.image.DecodedImage;
import dev.ancestral.trainer.data.image.ImageDecoder;
import dev.ancestral.trainer.data.image.ImageHeader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/**
 * A folder of images: each sub-directory is a class (its whole tree belongs to it), or, without
 * any, there are no classes.
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
  private final List<FileResult<FileSize>> sizes;
  private final ReadFiles<FileSize> headers;
  private final TargetSize target;

  private ImageDirectory(
      ImageFolder folder,
      DataOptions options,
      Opening opening,
      FolderCache cache,
      List<FileResult<FileSize>> sizes) {
    this.folder = folder;
    this.options = options;
    this.opening = opening;
    this.cache = cache;
    this.sizes = sizes;
    this.headers = ReadFiles.of(folder.files(), sizes, Unreadable.NONE);
    requireReadable(folder, options, headers);
    this.target = TargetSize.choose(headers.values(), options, opening.recorded());
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
    ImageFolder folder = ImageFolder.scan(directory, Set.copyOf(ImageDecoder.ENDINGS));
    if (folder.files().isEmpty()) {
      throw new IllegalArgumentException(
          "%s: holds no image (expected: %s files, at least 1%s)"
              .formatted(
                  directory,
                  String.join(", ", ImageDecoder.ENDINGS),
                  folder.others().isEmpty() ? "" : "; " + FolderRemarks.counted(folder.others())));
    }
    ImageFolder ordered = inRecordedOrder(folder, opening);
    return new ImageDirectory(
        ordered,
        options,
        opening,
        cache,
        results(
            "opening",
            ordered.files(),
            cache.sizes(ordered),
            cores(),
            opening,
            ImageDirectory::size));
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

  private static void requireReadable(ImageFolder folder, DataOptions options, ReadFiles<?> read) {
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
    Optional<List<FileResult<FittedImage>>> before =
        cache.images(folder, headers.files(), fitter, options.bits());
    List<FileResult<FittedImage>> results =
        results(
            "decoding",
            headers.files(),
            before,
            threads(),
            opening,
            file -> FittedImage.of(ImageDecoder.decode(file, settings), fitter));
    if (before.isEmpty()) {
      cache.keep(folder, headers.files(), fitter, options.bits(), sizes, results);
    }
    ReadFiles<FittedImage> decoded = ReadFiles.of(headers.files(), results, headers.unreadable());
    requireReadable(folder, options, decoded);
    int coloured = (int) decoded.values().stream().filter(image -> !image.isGray()).count();
    int channels = chosenChannels().orElse(coloured > 0 ? 3 : 1);
    List<PixelDataset.Image> images = new ArrayList<>();
    for (int i = 0; i < decoded.files().size(); i++) {
      images.add(
          new PixelDataset.Image(
              decoded.values().get(i).planes().withChannels(channels),
              decoded.files().get(i).label()));
    }
    FolderRemarks remarks = remarks(decoded.files(), decoded.unreadable());
    remarks.colour(channels, coloured, options.channels() != null);
    remarks.cache(cache.said());
    remarks.levels(decoded.values());
    return new PixelDataset(description(channels), images, remarks.lines());
  }

  private DataSummary summary() throws IOException {
    FolderRemarks remarks = remarks(headers.files(), headers.unreadable());
    Optional<Integer> chosen = chosenChannels();
    if (chosen.isPresent()) {
      return summary(chosen.get(), remarks);
    }
    ImageFile first = headers.files().get(0);
    DecodedImage image =
        FileResult.of(() -> ImageDecoder.decode(first.path(), decodeSettings())).value();
    if (image != null && image.coloured()) {
      remarks.colourOf(first);
      return summary(3, remarks);
    }
    return DataSummary.of(decode());
  }

  private DataSummary summary(int channels, FolderRemarks remarks) {
    return new DataSummary(description(channels), headers.files().size(), remarks.lines());
  }

  private FolderRemarks remarks(List<ImageFile> files, Unreadable unreadable) {
    FolderRemarks remarks = new FolderRemarks(folder, files);
    remarks.size(target, headers.values());
    remarks.fit(options, target.size(), headers.values());
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

  private static FileSize size(Path file) {
    ImageHeader header = ImageDecoder.header(file);
    return new FileSize(header.height(), header.width());
  }

  /** What is known from before, but for what could not be read then; else all anew. */
  private static <T> List<FileResult<T>> results(
      String doing,
      List<ImageFile> files,
      Optional<List<FileResult<T>>> before,
      int threads,
      Opening opening,
      Function<Path, T> work)
      throws IOException {
    Function<ImageFile, FileResult<T>> one = file -> FileResult.of(() -> work.apply(file.path()));
    List<FileResult<T>> known = before.orElse(List.of());
    if (known.size() != files.size()) {
      try (DecodingProgress progress = new DecodingProgress(doing, opening.out(), files.size())) {
        return ParallelFiles.map(files, threads, one, progress);
      }
    }
    List<FileResult<T>> results = new ArrayList<>(known);
    for (int i = 0; i < results.size(); i++) {
      if (results.get(i).value() == null) {
        results.set(i, one.apply(files.get(i)));
      }
    }
    return results;
  }

  /** As many images at once as there are cores, and half of the heap has room for. */
  private int threads() {
    long largest = headers.values().stream().mapToLong(FileSize::pixels).max().orElse(1);
    long room = Runtime.getRuntime().maxMemory() / 2 / (largest * BYTES_PER_PIXEL);
    return (int) Math.max(1, Math.min(cores(), room));
  }

  private static int cores() {
    return Runtime.getRuntime().availableProcessors();
  }
}
