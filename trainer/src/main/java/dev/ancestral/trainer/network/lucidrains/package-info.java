/**
 * The {@code Unet} of lucidrains' denoising-diffusion-pytorch: residual blocks with RMS
 * normalisation, scaled and shifted by the timestep, and attention at every level. Its tensor names
 * and shapes are the original's, so that weights can be exchanged.
 *
 * <p>Start with {@link dev.ancestral.trainer.network.lucidrains.LucidrainsUnetFamily}.
 */
@NullMarked
package dev.ancestral.trainer.network.lucidrains;

import org.jspecify.annotations.NullMarked;
