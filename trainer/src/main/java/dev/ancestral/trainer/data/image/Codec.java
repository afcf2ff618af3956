package dev.ancestral.trainer.data.image;

import java.io.IOException;
import javax.imageio.stream.ImageInputStream;

/**
 * One file format. The stream stands at the file's first byte; where it stands afterwards does not
 * matter to the caller, which rewinds. An end too early is an {@link java.io.EOFException}, all
 * else that is wrong a {@link BadImageException}.
 */
interface Codec {
  ImageHeader header(ImageInputStream in) throws IOException;

  /** The settings' limits hold already. */
  DecodedImage decode(ImageInputStream in, DecodeSettings settings) throws IOException;
}
