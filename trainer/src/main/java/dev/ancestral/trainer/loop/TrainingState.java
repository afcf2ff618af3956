package dev.ancestral.trainer.loop;

import org.jspecify.annotations.Nullable;

/**
 * Everything a run carries from one iteration to the next, on the host; each array is in the order
 * of the network's flat parameters.
 *
 * @param iteration updates done
 * @param weights of the network
 * @param ema their moving average
 * @param mean the optimizer's first moment
 * @param square the optimizer's second moment
 * @param history what the choice of timesteps has learned; null if it learns nothing
 */
@SuppressWarnings("ArrayRecordComponent") // Handed over once, never compared.
public record TrainingState(
    int iteration,
    float[] weights,
    float[] ema,
    float[] mean,
    float[] square,
    @Nullable LossHistory history) {}
