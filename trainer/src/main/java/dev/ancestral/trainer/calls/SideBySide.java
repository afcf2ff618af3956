package dev.ancestral.trainer.calls;

import dev.ancestral.bundle.DataSpec;
import dev.ancestral.picture.ContactSheet;
import dev.ancestral.picture.LabelledRows;
import dev.ancestral.picture.Panels;
import dev.ancestral.picture.Pixels;
import dev.ancestral.picture.Scatter;
import java.awt.image.BufferedImage;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * The same seeds by every chain: a row of pictures for each, or a scatter, the teacher's first and
 * then those of equal calls together.
 */
final class SideBySide {
  private static final int COLUMNS = 16;
  private static final int SCATTER_SIDE = 260;

  private record Group(int calls, String sampler, List<float[]> samples) {}

  private final DataSpec spec;
  private final List<Group> groups = new ArrayList<>();

  SideBySide(DataSpec spec) {
    this.spec = spec;
  }

  /** Keeps the first samples of a chain; the first chain is the teacher's. */
  void add(String sampler, int calls, List<float[]> samples) {
    int kept = spec.isImage() ? Math.min(COLUMNS, samples.size()) : samples.size();
    groups.add(
        new Group(calls, sampler, samples.subList(0, kept).stream().map(float[]::clone).toList()));
  }

  /** The PNG file. */
  byte[] png() {
    List<Group> ordered = new ArrayList<>(groups.subList(1, groups.size()));
    ordered.sort(Comparator.comparingInt(Group::calls));
    ordered.add(0, groups.get(0));
    return Pixels.png(spec.isImage() ? pictures(ordered) : scatters(ordered));
  }

  private BufferedImage pictures(List<Group> ordered) {
    List<LabelledRows.Row> rows = new ArrayList<>();
    for (int i = 0; i < ordered.size(); i++) {
      Group group = ordered.get(i);
      rows.add(
          new LabelledRows.Row(
              label(group),
              i > 0 && (i == 1 || group.calls() != ordered.get(i - 1).calls()),
              group.samples().stream()
                  .map(sample -> Pixels.image(sample, spec.dimensions(), spec.min(), spec.max()))
                  .toList()));
    }
    return LabelledRows.of(
        rows, ContactSheet.comfortableScale(Math.toIntExact(spec.shape().get(2))));
  }

  /** A row for each number of calls, the teacher's again at its head. */
  private BufferedImage scatters(List<Group> ordered) {
    Group teacher = ordered.get(0);
    List<Group> others = ordered.subList(1, ordered.size());
    List<String> samplers = groups.stream().skip(1).map(Group::sampler).distinct().toList();
    // On the teacher's axes: a chain that flies off would make all others dots.
    Scatter axes = Scatter.of(List.of(teacher.samples()), SCATTER_SIDE);
    List<Panels.Panel> panels = new ArrayList<>();
    for (int calls : others.stream().mapToInt(Group::calls).distinct().toArray()) {
      panels.add(new Panels.Panel(label(teacher), axes.frame(teacher.samples())));
      for (String sampler : samplers) {
        panels.add(
            others.stream()
                .filter(group -> group.calls() == calls && group.sampler().equals(sampler))
                .findFirst()
                .map(group -> new Panels.Panel(label(group), axes.frame(group.samples())))
                .orElseGet(() -> new Panels.Panel("", axes.frame(List.of()))));
      }
    }
    return Panels.of(panels, 1 + samplers.size());
  }

  private static String label(Group group) {
    return "%s, %d".formatted(group.sampler(), group.calls());
  }
}
