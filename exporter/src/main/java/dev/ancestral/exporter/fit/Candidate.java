package dev.ancestral.exporter.fit;

import dev.ancestral.diffusion.sampler.FittedBetween;
import dev.ancestral.diffusion.sampler.FittedProof;
import dev.ancestral.diffusion.sampler.FittedTable;
import dev.ancestral.diffusion.sampler.FittedTable.Factors;
import java.util.ArrayList;
import java.util.List;

/**
 * A fitted chain and what was found out about it.
 *
 * @param grid where its timesteps come from, such as {@code trailing}
 * @param timesteps falling
 * @param guidance the weights, rising
 * @param factors [weight][step]
 * @param proofs one a weight
 * @param between what was measured between each weight and the next one; none if nobody did yet
 */
record Candidate(
    String grid,
    List<Double> timesteps,
    List<Double> guidance,
    List<List<Factors>> factors,
    List<FittedProof> proofs,
    List<FittedBetween> between) {
  int calls() {
    return timesteps.size();
  }

  /** Whether it is nearer to the teacher than hand-made samplers, at every weight. */
  boolean won() {
    return proofs.stream().allMatch(FittedProof::isNearest);
  }

  /** With a comparison at each weight. */
  Candidate with(List<FittedProof.Comparison> comparisons) {
    List<FittedProof> compared = new ArrayList<>();
    for (int i = 0; i < proofs.size(); i++) {
      FittedProof proof = proofs.get(i);
      compared.add(
          new FittedProof(proof.fitted(), proof.ddim(), proof.dpmSolver(), comparisons.get(i)));
    }
    return new Candidate(grid, timesteps, guidance, factors, compared, between);
  }

  /** As it is written. */
  FittedTable table() {
    List<FittedTable.Weighted> weighted = new ArrayList<>();
    for (int i = 0; i < guidance.size(); i++) {
      weighted.add(
          new FittedTable.Weighted(
              guidance.get(i),
              factors.get(i),
              proofs.get(i),
              i < between.size() ? between.get(i) : null));
    }
    return new FittedTable(timesteps, weighted);
  }
}
