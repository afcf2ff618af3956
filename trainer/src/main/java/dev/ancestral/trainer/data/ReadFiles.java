package dev.ancestral.trainer.data;

import dev.ancestral.trainer.data.folder.ImageFile;
import java.util.ArrayList;
import java.util.List;

/**
 * What came of reading many files.
 *
 * @param files those that could be read
 * @param values one for each of them
 * @param unreadable the others
 */
record ReadFiles<T>(List<ImageFile> files, List<T> values, Unreadable unreadable) {
  /**
   * Tells the files with a value from those without.
   *
   * @param results one for each file
   * @param before what could not be read already
   */
  static <T> ReadFiles<T> of(
      List<ImageFile> files, List<FileResult<T>> results, Unreadable before) {
    List<ImageFile> read = new ArrayList<>(files.size());
    List<T> values = new ArrayList<>(files.size());
    List<Unreadable.Entry> failed = new ArrayList<>(before.entries());
    for (int i = 0; i < files.size(); i++) {
      T value = results.get(i).value();
      if (value == null) {
        failed.add(new Unreadable.Entry(files.get(i).relative(), results.get(i).failure()));
      } else {
        read.add(files.get(i));
        values.add(value);
      }
    }
    return new ReadFiles<>(read, values, new Unreadable(failed));
  }
}
