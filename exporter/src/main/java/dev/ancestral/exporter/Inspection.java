package dev.ancestral.exporter;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.BundleFormat;
import dev.ancestral.bundle.ClipRule;
import dev.ancestral.bundle.Conditioning;
import dev.ancestral.bundle.DataSpec;
import dev.ancestral.bundle.Defaults;
import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.bundle.SchedulerConfig;
import dev.ancestral.bundle.signature.Signature;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.exporter.onnx.OnnxSummary;
import dev.ancestral.trainer.WeightsKind;
import dev.ancestral.trainer.run.TrainedNetwork;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Says what a model is, for people. */
final class Inspection {
  private Inspection() {}

  /**
   * A bundle, ours or another's.
   *
   * @throws dev.ancestral.bundle.BundleException if it is damaged
   */
  static Text ofBundle(Path directory) throws IOException {
    Bundle bundle = BundleFormat.read(directory);
    Text text = new Text().line("bundle", "%s", directory);
    OnnxSummary summary = model(text, directory.resolve(BundleFormat.MODEL));
    BundleFormat.requireAgreement(bundle, summary.metadata());
    bundle = adapted(text, bundle, summary, BundleFormat.MODEL, BundleFormat.isForeign(directory));
    Defaults.requireSampleable(bundle, BundleFormat.MODEL);
    each(text, "scheduler", BundleFormat.foreignWords(directory));
    facts(text, bundle);
    proof(text, bundle.parity());
    FittedTables fitted = bundle.fitted();
    if (fitted != null) {
      FittedInspection.tell(text, fitted);
    }
    return text;
  }

  /** A lone ONNX file; what its metadata say, if they say anything. */
  static Text ofModel(Path file) throws IOException {
    Text text = new Text().line("model", "%s", file);
    OnnxSummary summary = model(text, file);
    if (BundleFormat.isDescribed(summary.metadata())) {
      String name = String.valueOf(file.getFileName());
      Bundle bundle =
          adapted(text, BundleFormat.fromMetadata(summary.metadata()), summary, name, false);
      Defaults.requireSampleable(bundle, name);
      facts(text, bundle);
    }
    return text;
  }

  /** A run: what a bundle made of it would say. */
  static Text ofRun(Path directory, Consumer<String> notices) throws IOException {
    try (TrainedNetwork network = TrainedNetwork.load(directory, WeightsKind.EMA, notices)) {
      Text text = new Text().line("run", "%s", directory);
      each(text, "network", network.networkConfig());
      facts(text, network.facts());
      return text;
    }
  }

  /** The bundle as it is served, with the inputs and the output that the file has. */
  private static Bundle adapted(
      Text text, Bundle bundle, OnnxSummary model, String file, boolean foreign) {
    Signature signature = Signature.of(file, model.inputs(), model.outputs(), bundle);
    if (!foreign) {
      signature.requirePlain(file);
    }
    String label = "adapted";
    for (String words : signature.words()) {
      text.line(label, "%s", words);
      label = "";
    }
    return signature.adapted(bundle);
  }

  private static OnnxSummary model(Text text, Path file) throws IOException {
    OnnxSummary model = OnnxSummary.of(file);
    text.line(
        "network",
        "%d nodes, %s weights, %s",
        model.nodes(),
        weights(model.weights()),
        Text.bytes(Files.size(file)));
    text.line("format", "ONNX opset %d, written by %s", model.opset(), model.producer());
    model.inputs().forEach(input -> text.line("input", "%s", input));
    model.outputs().forEach(output -> text.line("output", "%s", output));
    text.line("operators", "%s", counts(model.operators()));
    return model;
  }

  private static String weights(Map<String, Long> types) {
    return types.isEmpty()
        ? "no"
        : types.entrySet().stream()
            .map(type -> String.format(Locale.ROOT, "%,d %s", type.getValue(), type.getKey()))
            .collect(Collectors.joining(" and "));
  }

  private static String counts(Map<String, Long> operators) {
    return operators.entrySet().stream()
        .map(entry -> entry.getKey() + " " + entry.getValue())
        .collect(Collectors.joining(", "));
  }

  /** What a bundle says of its network and how to sample from it. */
  static void facts(Text text, Bundle bundle) {
    DataSpec data = bundle.data();
    text.line(
        "data",
        "%s in [%s, %s], %s",
        data.shape().stream().map(String::valueOf).collect(Collectors.joining("x")),
        data.min(),
        data.max(),
        data.levels() == 0 ? "continuous" : data.levels() + " levels");
    classes(text, bundle.conditioning());
    SchedulerConfig scheduler = bundle.scheduler();
    text.line(
        "schedule",
        "%s, T = %d, final SNR %.3g",
        scheduler.betaSchedule(),
        scheduler.schedule().timesteps(),
        scheduler.schedule().finalSnr());
    text.line(
        "timestep", "%s", bundle.continuousTimesteps() ? "fractions allowed" : "whole numbers");
    text.line("prediction", "%s", scheduler.predictionType().label());
    text.line(
        "sampling",
        "%s spacing%s, variance %s, %s%s",
        scheduler.spacing().label(),
        scheduler.stepsOffset() == 0 ? "" : " and " + scheduler.stepsOffset(),
        scheduler.variance().label(),
        clipping(scheduler.clipping()),
        recommendation(bundle));
    each(text, "trained", bundle.provenance());
  }

  private static String clipping(ClipRule rule) {
    if (rule instanceof ClipRule.Clipped clipped) {
      return clipped.range() == 1
          ? "clipped to the data's range"
          : "clipped to %s times the data's range".formatted(clipped.range());
    }
    return rule instanceof ClipRule.Thresholded thresholded
        ? "thresholded at quantile %s, by at most %s"
            .formatted(thresholded.quantile(), thresholded.most())
        : "not clipped";
  }

  /** Keys with their values, a line each, under one label. */
  private static void each(Text text, String label, Map<String, ?> words) {
    String first = label;
    for (Map.Entry<String, ?> entry : words.entrySet()) {
      text.line(first, "%s: %s", entry.getKey(), entry.getValue());
      first = "";
    }
  }

  private static String recommendation(Bundle bundle) {
    String sampler = bundle.recommended().sampler();
    Integer steps = bundle.recommended().steps();
    StringBuilder words = new StringBuilder(sampler == null ? "" : "; best with " + sampler);
    words.append(steps == null ? "" : " in " + steps + " steps");
    bundle
        .recommended()
        .options()
        .forEach((name, value) -> words.append(", " + name + " " + value));
    if (bundle.recommended().guidanceWeight() != 1) {
      words.append(", guidance_weight ").append(bundle.recommended().guidanceWeight());
      words.append(", guidance_rescale ").append(bundle.recommended().guidanceRescale());
    }
    return words.toString();
  }

  private static void classes(Text text, @Nullable Conditioning classes) {
    if (classes == null) {
      text.line("classes", "none");
      return;
    }
    String names =
        classes.classNames().isEmpty() ? "" : " (" + String.join(", ", classes.classNames()) + ")";
    String none = classes.nullLabel() == null ? "none" : classes.nullLabel().toString();
    text.line("classes", "%d%s, null label %s", classes.numClasses(), names, none);
  }

  /** Every figure of the proof, the worst first. */
  static void proof(Text text, List<ParityFigure> figures) {
    if (figures.isEmpty()) {
      text.line("proof", "none");
      return;
    }
    List<ParityFigure> worstFirst =
        figures.stream()
            .sorted(
                Comparator.comparingDouble(
                        (ParityFigure figure) -> figure.maxAbsDifference() / figure.tolerance())
                    .reversed())
            .toList();
    text.line(
        "proof",
        "trained and exported network agree in %d cases; largest differences:",
        figures.size());
    for (ParityFigure figure : worstFirst) {
      text.more(
          "%.1e of %.1e allowed: %s", figure.maxAbsDifference(), figure.tolerance(), figure.name());
    }
  }
}
