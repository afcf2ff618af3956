package dev.ancestral.trainer.data.folder;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * An archive of images, or a part of one: {@code photos.zip}, or {@code photos.tar.gz/train}. It is
 * read as the directory would be that it unpacks to, and never unpacked to one.
 *
 * @param file the archive
 * @param inside the directory in it; empty for all of it
 */
public record Archive(Path file, String inside) {
  /**
   * The archive that a path names, or leads into.
   *
   * @return empty if it does not
   */
  public static Optional<Archive> of(Path path) {
    for (@Nullable Path file = path; file != null; file = file.getParent()) {
      if (Files.isRegularFile(file)) {
        return kind(file) == null
            ? Optional.empty()
            : Optional.of(
                new Archive(
                    file,
                    file.equals(path) ? "" : file.relativize(path).toString().replace('\\', '/')));
      }
      if (Files.exists(file)) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }

  private static @Nullable String kind(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    for (String ending : new String[] {".zip", ".tar", ".tar.gz", ".tgz"}) {
      if (name.endsWith(ending)) {
        return ending;
      }
    }
    return null;
  }

  /**
   * Looks through it.
   *
   * @param endings of files that are images, in lower case and with their point
   * @param scratch where a {@code .tar.gz} may lie uncompressed, as one file without a name
   * @throws IllegalArgumentException if it is damaged or encrypted, or as {@link ImageFolder#scan}
   *     says
   */
  public ImageFolder scan(Set<String> endings, Path scratch) throws IOException {
    long modified = Files.getLastModifiedTime(file).to(TimeUnit.NANOSECONDS);
    Path root = inside.isEmpty() ? file : file.resolve(inside);
    String kind = kind(file);
    EntryWalk walk;
    if (".zip".equals(kind)) {
      ZipPlace place = ZipPlace.open(root, file);
      walk = new EntryWalk(place, inside, endings, modified);
      place.walk(walk);
    } else {
      TarPlace place =
          ".tar".equals(kind) ? TarPlace.open(root, file) : TarPlace.unzipped(root, file, scratch);
      walk = new EntryWalk(place, inside, endings, modified);
      place.walk(walk);
    }
    return walk.folder(root);
  }
}
