package dev.ancestral.trainer.data.folder;

import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/**
 * The entries of an archive, one after the other: what {@link FolderWalk} is for a directory. Only
 * names are looked at; nothing is written anywhere, so a name can lead nowhere.
 */
final class EntryWalk {
  /** What one system adds to its archives, beside hidden names. */
  private static final String RESOURCE_FORKS = "__MACOSX";

  private static final int NAMED = 10;

  private final ImageFile.Place place;
  private final String inside;
  private final Set<String> endings;
  private final long modified;
  private final Map<Path, ImageFile> images = new LinkedHashMap<>();
  private final Map<String, Integer> others = new TreeMap<>();
  private final Map<String, String> leftOut = new TreeMap<>(NaturalOrder.INSTANCE);
  private int leftOutUnnamed;

  /**
   * Starts.
   *
   * @param inside the part of the archive that is wanted, such as {@code train}; empty for all
   * @param modified when the archive was changed, in nanoseconds since 1970
   */
  EntryWalk(ImageFile.Place place, String inside, Set<String> endings, long modified) {
    this.place = place;
    this.inside = inside;
    this.endings = endings;
    this.modified = modified;
  }

  /**
   * A file of the archive.
   *
   * @param name with slashes
   * @param position by which the place finds it
   */
  void add(String name, long bytes, long position) {
    List<String> parts = new ArrayList<>();
    for (String part : name.split("/", -1)) {
      if (part.equals("..")) {
        leaveOut(name, "its path leaves the archive");
        return;
      }
      if (!part.isEmpty() && !part.equals(".")) {
        parts.add(part);
      }
    }
    List<String> wanted = List.of(inside.isEmpty() ? new String[0] : inside.split("/", -1));
    if (parts.size() <= wanted.size() || !parts.subList(0, wanted.size()).equals(wanted)) {
      return;
    }
    List<String> below = parts.subList(wanted.size(), parts.size());
    if (below.stream().anyMatch(part -> part.startsWith(".") || part.equals(RESOURCE_FORKS))) {
      return;
    }
    String ending = ending(below.get(below.size() - 1));
    if (!endings.contains(ending)) {
      others.merge(ending, 1, Integer::sum);
      return;
    }
    try {
      Path relative = Path.of(String.join("/", below));
      ImageFile file = new ImageFile(place, relative, position, 0, bytes, modified);
      if (images.put(relative, file) != null) {
        leaveOut(name, "an entry of the same name that stands before it");
      }
    } catch (InvalidPathException e) {
      leaveOut(name, "a name that cannot be one here");
    }
  }

  /** Tells of something that is not read; of many, only how many. */
  void leaveOut(String name, String why) {
    if (leftOut.size() < NAMED) {
      leftOut.put(name, why);
    } else {
      leftOutUnnamed++;
    }
  }

  /**
   * The folder that it is.
   *
   * @param root what it is called
   */
  ImageFolder folder(Path root) {
    if (leftOutUnnamed > 0) {
      leftOut.put("...", leftOutUnnamed + " more");
    }
    return ImageFolder.of(root, withoutCommonDirectories(), others, leftOut);
  }

  /** Without the directories that all images are in: an archive's first is often its own name. */
  private List<ImageFile> withoutCommonDirectories() {
    List<ImageFile> files = List.copyOf(images.values());
    int common = 0;
    while (!files.isEmpty() && isCommon(files, common)) {
      common++;
    }
    List<ImageFile> shorter = new ArrayList<>(files.size());
    for (ImageFile file : files) {
      Path relative = file.relative();
      shorter.add(
          common == 0
              ? file
              : file.withRelative(relative.subpath(common, relative.getNameCount())));
    }
    return shorter;
  }

  private static boolean isCommon(List<ImageFile> files, int depth) {
    Path first = files.get(0).relative();
    return files.stream()
        .map(ImageFile::relative)
        .allMatch(
            path ->
                path.getNameCount() > depth + 1
                    && path.getName(depth)
                        .equals(first.getName(Math.min(depth, first.getNameCount() - 1))));
  }

  private static String ending(String name) {
    int point = name.lastIndexOf('.');
    return point < 0 ? "" : name.substring(point).toLowerCase(Locale.ROOT);
  }
}
