package dev.ancestral.trainer.data;

import dev.ancestral.cli.Printable;
import dev.ancestral.trainer.data.folder.ImageFile;
import dev.ancestral.trainer.data.folder.ImageFolder;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * What people are told of a folder of images: what was decided, counted and left out, a line each.
 */
final class FolderRemarks {
  /** Less than a fifth of an image that is lost, or squeezed, goes without saying. */
  private static final double MUCH_OF_IT_KEPT = 0.8;

  /** So many classes have a line each; of more, the first half as many. */
  private static final int CLASSES = 20;

  private static final double ENOUGH_OF_THE_LEVELS = 0.5;

  private final ImageFolder folder;
  private final List<ImageFile> files;
  private final List<String> lines = new ArrayList<>();

  /**
   * Starts without a line.
   *
   * @param files those that were read
   */
  FolderRemarks(ImageFolder folder, List<ImageFile> files) {
    this.folder = folder;
    this.files = files;
  }

  private void say(String about, String text) {
    lines.add(Printable.line("%-9s %s".formatted(about, text)));
  }

  /** Numbers by the ending of their files: {@code 3 files are no images: 2 .txt, 1 .mp4}. */
  static String counted(Map<String, Integer> others) {
    int sum = others.values().stream().mapToInt(Integer::intValue).sum();
    return "%s: %s"
        .formatted(
            sum == 1 ? "1 file is not an image" : sum + " files are not images",
            others.entrySet().stream()
                .sorted(
                    Map.Entry.<String, Integer>comparingByValue()
                        .reversed()
                        .thenComparing(Map.Entry.comparingByKey()))
                .map(
                    other ->
                        other.getValue()
                            + " "
                            + (other.getKey().isEmpty() ? "without ending" : other.getKey()))
                .collect(Collectors.joining(", ")));
  }

  void size(TargetSize target, List<FileSize> sizes) {
    if (target.distinct() == 1 && target.images() == sizes.size()) {
      return;
    }
    String share = "%d of %d images have it".formatted(target.images(), sizes.size());
    switch (target.origin()) {
      case CONFIGURED -> say("size", "%s, as data.size says: %s".formatted(target.size(), share));
      case RECORDED -> say("size", "%s, as the run has it: %s".formatted(target.size(), share));
      case MOST_FREQUENT ->
          say(
              "size",
              "%s (height×width), the most frequent of %d: %s; data.size sets another"
                  .formatted(target.size(), target.distinct(), share));
    }
  }

  void fit(DataOptions options, FileSize size, List<FileSize> sizes) {
    long changed =
        sizes.stream()
            .filter(each -> each.shareCovering(size.height(), size.width()) < MUCH_OF_IT_KEPT)
            .count();
    String share = "%d of %d images".formatted(changed, sizes.size());
    if (changed > 0) {
      switch (options.fitOrCover()) {
        case COVER ->
            say(
                "fit",
                "%s lose more than 20 %% of their area; data.fit=contain keeps it"
                    .formatted(share));
        case RANDOM_CROP ->
            say(
                "fit",
                "%s are seen in part, less than 80 %% of their area at a time".formatted(share));
        case STRETCH -> say("fit", "%s are stretched by more than a quarter".formatted(share));
        case CONTAIN ->
            say(
                "fit",
                "%s are more than 20 %% padding, which is %s"
                    .formatted(share, options.paddingOrWhite().label()));
      }
    }
    long smaller =
        sizes.stream()
            .filter(each -> each.height() < size.height() || each.width() < size.width())
            .count();
    if (smaller > 0) {
      say("fit", "%d of %d images are smaller, and enlarged".formatted(smaller, sizes.size()));
    }
  }

  /** What was left out, and then the classes. */
  void leftOut(Unreadable unreadable) {
    folder.said().forEach(this::say);
    if (!folder.others().isEmpty()) {
      say("left out", counted(folder.others()));
    }
    folder.leftOut().forEach((place, why) -> say("left out", "%s: %s".formatted(place, why)));
    if (unreadable.count() > 0) {
      say(
          "left out",
          "%s that cannot be read: %s"
              .formatted(
                  unreadable.count() == 1 ? "1 file" : unreadable.count() + " files",
                  unreadable.named()));
    }
    classes();
  }

  private void classes() {
    List<String> names = folder.classes();
    int[] counts = new int[names.size()];
    if (names.isEmpty()) {
      return;
    }
    files.forEach(file -> counts[file.label()]++);
    int shown = names.size() <= CLASSES ? names.size() : CLASSES / 2;
    List<String> heads = names.subList(0, shown);
    int width = heads.stream().map(String::length).max(Comparator.naturalOrder()).orElse(1);
    for (int label = 0; label < shown; label++) {
      say(
          "class %d".formatted(label),
          ("%-" + width + "s  %d image%s")
              .formatted(names.get(label), counts[label], counts[label] == 1 ? "" : "s"));
    }
    if (shown < names.size()) {
      int last = names.size() - 1;
      say(
          "...",
          "%d classes more, to class %d, %s"
              .formatted(names.size() - shown, last, names.get(last)));
    }
  }

  /**
   * Gray or RGB, and why.
   *
   * @param coloured how many of the images have colour
   * @param configured whether the settings say so
   */
  void colour(int channels, int coloured, boolean configured) {
    int images = files.size();
    String share = "%d of %d images".formatted(coloured, images);
    if (channels == 1 && coloured == 0) {
      say(
          "colour",
          (images == 1
                  ? "gray: no pixel of it has colour"
                  : "gray: no pixel of %d images has colour")
              .formatted(images));
    } else if (channels == 1) {
      say(
          "colour",
          "gray, as %s: %s lose their colour"
              .formatted(configured ? "data.channels says" : "the run has it", share));
    } else if (coloured < images) {
      say("colour", "RGB: %s have colour; data.channels=1 makes all gray".formatted(share));
    }
  }

  /** What was kept of the decoded images, or taken from what was kept. */
  void cache(List<String> said) {
    said.forEach(line -> say("cache", line));
  }

  /** RGB, since this file has colour. */
  void colourOf(ImageFile file) {
    say("colour", "RGB: %s has colour".formatted(file.relative()));
  }

  /** Warns where the images use less than half of the levels that their files have. */
  void levels(UsedLevels used) {
    if (used.brightest() - used.darkest() < ENOUGH_OF_THE_LEVELS) {
      lines.add(
          String.format(
              Locale.ROOT,
              "warning: the samples of all %d images lie between %.1f %% and %.1f %% of white%s",
              files.size(),
              100 * used.darkest(),
              100 * used.brightest(),
              used.fewerBits()));
    }
  }

  List<String> lines() {
    return List.copyOf(lines);
  }
}
