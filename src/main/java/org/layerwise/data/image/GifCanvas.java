package org.layerwise.data.image;

import java.awt.image.BufferedImage;
import java.awt.image.IndexColorModel;
import java.io.IOException;
import javax.imageio.ImageReader;
import org.w3c.dom.Element;
import org.w3c.dom.Node;

/**
 * Logical screen of a GIF, which its first picture need not fill: the rest gets the transparent colour or the first
 * colour, as in Pillow.
 */
final class GifCanvas {

    private GifCanvas() {}

    static RgbImage of(ImageReader reader, RgbImage picture, BufferedImage decoded) throws IOException {
        Element screen =
                child(reader.getStreamMetadata().getAsTree("javax_imageio_gif_stream_1.0"), "LogicalScreenDescriptor");
        Element place = child(reader.getImageMetadata(0).getAsTree("javax_imageio_gif_image_1.0"), "ImageDescriptor");
        int width = number(screen, "logicalScreenWidth");
        int height = number(screen, "logicalScreenHeight");
        int left = number(place, "imageLeftPosition");
        int top = number(place, "imageTopPosition");
        boolean fills = left == 0 && top == 0 && picture.width() >= width && picture.height() >= height;
        if (fills) {
            return picture;
        }
        RgbImage whole =
                RgbImage.black(Math.max(width, left + picture.width()), Math.max(height, top + picture.height()));
        if (decoded.getColorModel() instanceof IndexColorModel palette) {
            fill(whole.rgb(), palette.getRGB(Math.max(0, palette.getTransparentPixel())));
        }
        for (int y = 0; y < picture.height(); y++) {
            System.arraycopy(
                    picture.rgb(),
                    picture.offset(0, y),
                    whole.rgb(),
                    whole.offset(left, top + y),
                    picture.width() * RgbImage.CHANNELS);
        }
        return whole;
    }

    private static void fill(byte[] rgb, int colour) {
        for (int i = 0; i < rgb.length; i += RgbImage.CHANNELS) {
            rgb[i] = (byte) (colour >> 16);
            rgb[i + 1] = (byte) (colour >> 8);
            rgb[i + 2] = (byte) colour;
        }
    }

    private static Element child(Node tree, String name) throws IOException {
        for (Node child = tree.getFirstChild(); child != null; child = child.getNextSibling()) {
            if (child instanceof Element element && name.equals(element.getTagName())) {
                return element;
            }
        }
        throw new IOException("it has no " + name);
    }

    private static int number(Element element, String attribute) {
        return Integer.parseInt(element.getAttribute(attribute));
    }
}
