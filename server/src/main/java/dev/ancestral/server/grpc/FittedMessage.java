package dev.ancestral.server.grpc;

import dev.ancestral.diffusion.sampler.FittedBetween;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTables;
import dev.ancestral.v1.Fitted;
import dev.ancestral.v1.FittedComparison;
import dev.ancestral.v1.FittedWeight;

/** Tells of fitted chains, but for their factors. */
final class FittedMessage {
  private FittedMessage() {}

  /**
   * The message.
   *
   * @param defaultChoice what a request gets that names no more than the model, and why
   * @param otherwise the sampler of a request that names none and does not fit
   */
  static Fitted of(FittedTables tables, String defaultChoice, String otherwise) {
    return Fitted.newBuilder()
        .setTeacher(tables.teacher())
        .addAllTables(tables.tables().stream().map(FittedMessage::table).toList())
        .putAllProvenance(tables.provenance())
        .setDefaultChoice(defaultChoice)
        .setOtherwise(otherwise)
        .build();
  }

  private static dev.ancestral.v1.FittedTable table(FittedTable table) {
    return dev.ancestral.v1.FittedTable.newBuilder()
        .setId(table.id())
        .addAllTimesteps(table.timesteps())
        .addAllWeights(table.weighted().stream().map(FittedMessage::weight).toList())
        .build();
  }

  private static FittedWeight weight(FittedTable.Weighted weighted) {
    FittedProof proof = weighted.proof();
    FittedWeight.Builder weight =
        FittedWeight.newBuilder()
            .setGuidanceWeight(weighted.guidance())
            .setProven(proof.holds())
            .setDistance(proof.fitted())
            .setDistanceOfDdim(proof.ddim())
            .setDistanceOfDpmpp2M(proof.dpmSolver());
    FittedProof.Comparison comparison = proof.comparison();
    if (comparison != null) {
      weight.setComparison(comparison(comparison));
    }
    FittedBetween between = weighted.between();
    if (between != null) {
      weight.setBetween(between(between));
    }
    return weight.build();
  }

  private static dev.ancestral.v1.FittedBetween between(FittedBetween between) {
    FittedProof proof = between.proof();
    return dev.ancestral.v1.FittedBetween.newBuilder()
        .setGuidanceWeight(between.guidance())
        .setInterpolated(between.holds())
        .setDistance(proof.fitted())
        .setDistanceOfDdim(proof.ddim())
        .setDistanceOfDpmpp2M(proof.dpmSolver())
        .build();
  }

  private static FittedComparison comparison(FittedProof.Comparison comparison) {
    FittedComparison.Builder message =
        FittedComparison.newBuilder()
            .setReference(comparison.reference())
            .setSamples(comparison.samples())
            .setFrechetRatio(comparison.frechetRatio())
            .setFrechetUpper(comparison.frechetUpper())
            .setPrecision(comparison.precision())
            .setRecall(comparison.recall());
    Double highFrequencyRatio = comparison.highFrequencyRatio();
    if (highFrequencyRatio != null) {
      message.setHighFrequencyRatio(highFrequencyRatio);
    }
    Double accuracy = comparison.accuracy();
    if (accuracy != null) {
      message.setAccuracy(accuracy);
    }
    Double teacherAccuracy = comparison.teacherAccuracy();
    if (teacherAccuracy != null) {
      message.setTeacherAccuracy(teacherAccuracy);
    }
    return message.build();
  }
}
