/**
 * A U-Net of ConvNeXt blocks (Liu et al. 2022) without attention, or with attention gates on the
 * skips (Oktay et al. 2018): what is known from its first implementation as {@code TwoResUNet}.
 * Tensor names and shapes are that one's, so that weights can be exchanged.
 *
 * <p>Start with {@link dev.ancestral.trainer.network.convnext.ConvNextUnetFamily}.
 */
@NullMarked
package dev.ancestral.trainer.network.convnext;

import org.jspecify.annotations.NullMarked;
