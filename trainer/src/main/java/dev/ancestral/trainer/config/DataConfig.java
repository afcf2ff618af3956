package dev.ancestral.trainer.config;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.trainer.data.Augmentation;
import dev.ancestral.trainer.data.DataOptions;
import dev.ancestral.trainer.data.Fit;
import dev.ancestral.trainer.data.Layout;
import dev.ancestral.trainer.data.Padding;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Where samples come from.
 *
 * @param source such as {@code builtin:digits}
 * @param options size, channels and range, as far as they are chosen
 * @param conditional whether labels, where the data have any, are given to the network
 * @param augmentation random changes of images while training
 * @param workers how many threads prepare batches, at least 1; no number depends on it
 */
public record DataConfig(
    String source,
    DataOptions options,
    boolean conditional,
    Augmentation augmentation,
    int workers) {
  private static final Setting<String> SOURCE =
      Setting.text(
              "data.source",
              "where samples come from: a directory of images, an archive of it (.zip, .tar, .tar.gz),"
                  + " .parquet files, FILE.npy, FILE.npz, idx:DIR, csv:FILE, or a built-in set")
          .within(new Bounds<>(source -> !source.isBlank(), "a place or a name"))
          .or("builtin:digits")
          .changeable();
  private static final Setting<List<Integer>> SIZE =
      Setting.integers(
              "data.size", "of an image, to which data.fit brings it: 32x32, or 32 for a square")
          .within(
              new Bounds<>(
                  size -> size.size() == 1 || size.size() == 2, "[side] or [height, width]"))
          .orNull("the size that most of the images have");
  private static final Setting<Integer> CHANNELS =
      Setting.integer("data.channels", "of an image")
          .within(
              new Bounds<>(channels -> channels == 1 || channels == 3, "1 for gray or 3 for RGB"))
          .orNull("gray, if no pixel of any image has colour");
  private static final Setting<List<Double>> RANGE =
      Setting.numbers(
              "data.range",
              "what the darkest and the brightest pixel become; of arrays of fractions, the smallest and"
                  + " the largest number")
          .within(new Bounds<>(range -> range.size() == 2, "two numbers such as [-1, 1]"))
          .orNull("[-1, 1]; fractions as they are");
  private static final Setting<Fit> FIT =
      Setting.named(
              "data.fit",
              "how an image of another size is brought to it: cover scales and crops to the centre,"
                  + " contain scales and pads, stretch scales each direction by itself, random-crop"
                  + " scales as cover and draws the part that is seen anew each time that training"
                  + " takes the image",
              Fit.labels(),
              Fit::of)
          .orNull(Fit.COVER.label());
  private static final Setting<Padding> PADDING =
      Setting.named(
              "data.padding",
              "what stands beside an image that data.fit=contain leaves smaller; edge repeats its"
                  + " outermost pixels",
              Padding.labels(),
              Padding::of)
          .orNull(Padding.WHITE.label());
  private static final Setting<Integer> BITS =
      Setting.integer(
              "data.bits",
              "how many bits of a sample image files use, where they have more: 12 for a 12-bit"
                  + " camera's 16-bit files")
          .within(new Bounds<>(bits -> bits >= 1 && bits <= 16, "1..16"))
          .orNull("all that they have");
  private static final Setting<Integer> SKIP_UNREADABLE =
      Setting.integer(
              "data.skip_unreadable",
              "how many image files that cannot be read are left out at most")
          .within(Bounds.atLeast(0))
          .orNull("none");
  private static final Setting<Boolean> STANDARDIZE =
      Setting.flag(
              "data.standardize",
              "whether the points of a file get mean 0 and standard deviation 1 in each coordinate; samples are"
                  + " drawn so too, and nothing turns them back: data.yaml and the bundle's provenance say how")
          .orNull("false");
  private static final Setting<Layout> LAYOUT =
      Setting.named(
              "data.layout",
              "what the axes of an array in .npy or .npz are, where its sides do not tell: n counts"
                  + " samples, c channels; nf are points, or signals of one channel",
              Layout.labels(),
              Layout::of)
          .orNull("what its sides can only mean");
  private static final Setting<Boolean> CONDITIONAL =
      Setting.flag(
              "data.conditional", "whether labels, where there are any, are given to the network")
          .or(true);
  private static final Setting<Integer> WORKERS =
      Setting.integer(
              "data.workers",
              "threads that prepare batches before they are needed; the batches are the same for any"
                  + " number. The column waiting of metrics.csv says which share of an iteration's time"
                  + " they cost it")
          .within(Bounds.atLeast(1))
          .or(1)
          .changeable();
  private static final Setting<Boolean> HORIZONTAL_FLIP =
      Setting.flag(
              "data.augmentation.horizontal_flip",
              "whether every image is mirrored left to right with probability ½")
          .or(Augmentation.NONE.horizontalFlip());
  private static final Setting<Boolean> VERTICAL_FLIP =
      Setting.flag(
              "data.augmentation.vertical_flip",
              "whether every image is turned upside down with probability ½")
          .or(Augmentation.NONE.verticalFlip());
  private static final Setting<Integer> TRANSLATION =
      Setting.integer(
              "data.augmentation.translation",
              "pixels by which an image is moved at most; less than a side")
          .within(Bounds.atLeast(0))
          .or(Augmentation.NONE.translation());

  static final SettingGroup SETTINGS =
      SettingGroup.of(
              "data",
              SOURCE,
              SIZE,
              CHANNELS,
              RANGE,
              FIT,
              PADDING,
              BITS,
              SKIP_UNREADABLE,
              STANDARDIZE,
              LAYOUT,
              CONDITIONAL,
              WORKERS)
          .with(SettingGroup.of("data.augmentation", HORIZONTAL_FLIP, VERTICAL_FLIP, TRANSLATION));

  static DataConfig of(Section section) {
    List<Integer> size = section.find(SIZE);
    List<Double> range = section.find(RANGE);
    DataConfig config =
        new DataConfig(
            section.get(SOURCE),
            new DataOptions(
                size == null ? null : size.get(0),
                size == null ? null : size.get(size.size() - 1),
                section.find(CHANNELS),
                range == null ? null : new DataOptions.Range(range.get(0), range.get(1)),
                section.find(FIT),
                section.find(PADDING),
                section.find(BITS),
                section.find(SKIP_UNREADABLE),
                section.find(STANDARDIZE),
                section.find(LAYOUT)),
            section.get(CONDITIONAL),
            augmentation(section.section("augmentation")),
            section.get(WORKERS));
    section.finish();
    return config;
  }

  private static Augmentation augmentation(Section section) {
    Augmentation augmentation =
        new Augmentation(
            section.get(HORIZONTAL_FLIP), section.get(VERTICAL_FLIP), section.get(TRANSLATION));
    section.finish();
    return augmentation;
  }

  /** These settings with the data in another place. */
  public DataConfig withSource(String moved) {
    return new DataConfig(moved, options, conditional, augmentation, workers);
  }

  /**
   * These settings with what the data decided spelled out, as far as it can be chosen.
   *
   * @param spec of the data
   */
  public DataConfig decidedBy(DataSpec spec) {
    if (!spec.isImage()) {
      return this;
    }
    List<Long> shape = spec.shape();
    return new DataConfig(
        source,
        options.with(
            Math.toIntExact(shape.get(1)),
            Math.toIntExact(shape.get(2)),
            Math.toIntExact(shape.get(0)),
            new DataOptions.Range(spec.min(), spec.max())),
        conditional,
        augmentation,
        workers);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    DataOptions.Range range = options.range();
    map.put(SOURCE.name(), source);
    map.put(
        SIZE.name(),
        options.height() == null || options.width() == null
            ? null
            : List.of(options.height(), options.width()));
    map.put(CHANNELS.name(), options.channels());
    map.put(RANGE.name(), range == null ? null : List.of(range.min(), range.max()));
    map.put(FIT.name(), options.fit() == null ? null : options.fit().label());
    map.put(PADDING.name(), options.padding() == null ? null : options.padding().label());
    map.put(BITS.name(), options.bits());
    map.put(SKIP_UNREADABLE.name(), options.skipUnreadable());
    map.put(STANDARDIZE.name(), options.standardize());
    map.put(LAYOUT.name(), options.layout() == null ? null : options.layout().label());
    map.put(CONDITIONAL.name(), conditional);
    map.put(WORKERS.name(), workers);
    Map<String, Object> changes = new LinkedHashMap<>();
    changes.put(HORIZONTAL_FLIP.name(), augmentation.horizontalFlip());
    changes.put(VERTICAL_FLIP.name(), augmentation.verticalFlip());
    changes.put(TRANSLATION.name(), augmentation.translation());
    map.put("augmentation", changes);
    return map;
  }
}
