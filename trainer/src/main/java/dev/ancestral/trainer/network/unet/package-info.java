/**
 * The image U-Net, a subset of the diffusers library's {@code UNet2DModel}: its blocks, its order
 * of operations, its tensor names and its {@code config.json}, so that weights can be exchanged.
 *
 * <p>Start with {@link dev.ancestral.trainer.network.unet.UnetFamily}; {@code Unet} is the forward
 * pass, {@code UnetConfig} what can be configured. Layers that another architecture could use live
 * in {@link dev.ancestral.trainer.network.layer}.
 */
@NullMarked
package dev.ancestral.trainer.network.unet;

import org.jspecify.annotations.NullMarked;
