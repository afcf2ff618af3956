package dev.ancestral.exporter.proof;

import dev.ancestral.bundle.Bundle;
import dev.ancestral.bundle.ParityFigure;
import dev.ancestral.diffusion.sampler.ChainPlan;
import dev.ancestral.diffusion.sampler.SamplerOptions;
import dev.ancestral.diffusion.sampler.Samplers;
import dev.ancestral.exporter.onnx.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Compares a trained network with its export on random inputs: several batch sizes, the first, a
 * middle and the last timestep, all labels in turn with the null label among them; and on every
 * state of a short chain.
 *
 * <p>Inputs are the noise of seed 0, so the proof of one network gives the same figures each time.
 */
public final class EqualityProof {
  private static final long SEED = 0;
  private static final List<Integer> BATCHES = List.of(1, 2, 5);
  private static final int CHAIN_STEPS = 5;
  private static final int CHAIN_BATCH = 2;

  private final Bundle bundle;
  private final Tolerance tolerance;
  private final NetworkInputs inputs;

  /** The proof for networks that this bundle describes. */
  public EqualityProof(Bundle bundle, Tolerance tolerance) {
    this.bundle = bundle;
    this.tolerance = tolerance;
    this.inputs = new NetworkInputs(bundle.data(), bundle.conditioning());
  }

  /**
   * Runs every case.
   *
   * @return one figure a case
   * @throws ProofException at the first case above the tolerance, naming it and the difference; or
   *     if the network answers zeros alone, which any broken export could do too
   */
  public List<ParityFigure> prove(Model trained, Model exported) {
    List<ParityFigure> figures = new ArrayList<>();
    int last = bundle.scheduler().schedule().timesteps() - 1;
    for (int batch : BATCHES) {
      for (int timestep : IntStream.of(0, last / 2, last).distinct().toArray()) {
        String name = "batch %d, timestep %d".formatted(batch, timestep);
        List<Tensor> given =
            inputs.batch(
                ReverseChain.noise(inputs, batch, SEED, timestep),
                timestep,
                inputs.labelsInTurn(batch));
        Tensor expected = trained.run(given).get(0);
        if (Arrays.stream(expected.numbers()).allMatch(y -> y == 0)) {
          throw new ProofException(
              name + ": the trained network answers zeros, which proves nothing");
        }
        figures.add(Difference.between(name, expected, exported.run(given).get(0), tolerance));
      }
    }
    figures.add(chain(trained, exported));
    return figures;
  }

  /**
   * Both networks predict from each state of the trained one's chain. Not from states of their own:
   * an estimate of x0 multiplies the last digits of a prediction by 1/√ᾱ, 157 at the end of DDPM's
   * schedule, and a network that is hardly trained never brings two chains together again.
   */
  private ParityFigure chain(Model trained, Model exported) {
    var schedule = bundle.scheduler().schedule();
    int steps = Math.min(CHAIN_STEPS, schedule.timesteps());
    ChainPlan plan =
        Samplers.of("ddim")
            .plan(bundle.model(), SamplerOptions.ofSteps(steps).withClipping(bundle.clipping()));
    ComparedModel both =
        new ComparedModel("chain of %d DDIM steps".formatted(steps), trained, exported, tolerance);
    ReverseChain.run(plan, both, inputs, inputs.labelsInTurn(CHAIN_BATCH), null, SEED);
    return both.worst();
  }
}
