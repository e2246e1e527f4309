package org.layerwise.data.image;

import java.awt.image.BufferedImage;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Iterator;
import java.util.Locale;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.imageio.ImageIO;
import javax.imageio.ImageReader;
import javax.imageio.stream.ImageInputStream;
import javax.imageio.stream.MemoryCacheImageInputStream;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;

/**
 * Decodes PNG, JPEG, GIF (its first picture), BMP, TIFF and WBMP as {@code transformers.image_utils.load_image} does:
 * turned upright by EXIF, then Pillow's {@code convert("RGB")}, without regard to colour profiles. Runs without a
 * display.
 */
final class ImageDecoder {

    /**
     * Maximum number of pixels: twice Pillow's {@code MAX_IMAGE_PIXELS}, above which Pillow refuses an image as a
     * decompression bomb.
     */
    static final long MOST_PIXELS = 2 * (1024L * 1024 * 1024 / 4 / 3);

    private static final int BYTES_A_PIXEL = 8;

    private ImageDecoder() {}

    /**
     * Decodes a file.
     *
     * @param name name of the image in messages, for the beginning of a sentence
     * @throws UserException if the image is broken, truncated, too large, or of a kind that cannot be read
     */
    static RgbImage decode(byte[] file, String name) {
        if (file.length == 0) {
            throw new UserException("%s is empty.".formatted(name));
        }
        ImageFormat kind = ImageFormat.of(file);
        if (!kind.readable()) {
            throw new UserException(
                    "%s is %s, which cannot be read; save it as PNG or JPEG.".formatted(name, kind.shown(file)));
        }
        if (kind == ImageFormat.PNG && !PngChunks.intact(file)) {
            throw broken(name, kind, "it is cut off or a checksum is wrong", null);
        }
        RgbImage stored = stored(ColourProfiles.hidden(file, kind), kind, name);
        return ExifOrientation.upright(stored, ExifOrientation.of(file, kind));
    }

    private static RgbImage stored(byte[] file, ImageFormat kind, String name) {
        ImageReader reader = reader(kind, name);
        try (ImageInputStream in = new MemoryCacheImageInputStream(new ByteArrayInputStream(file))) {
            reader.setInput(in, true, false);
            AtomicBoolean cutOff = new AtomicBoolean();
            reader.addIIOReadWarningListener((source, warning) -> cutOff.compareAndSet(false, isOfCutOff(warning)));
            int width = reader.getWidth(0);
            int height = reader.getHeight(0);
            requireRoom(width, height, name);
            if (kind == ImageFormat.JPEG) {
                JpegScans.requireFew(file, 0, (long) width * height, name);
            }
            RgbImage image =
                    switch (kind) {
                        case JPEG -> JpegColours.read(reader, file, name);
                        case TIFF -> TiffColours.read(reader, file, name);
                        default -> read(reader, kind, name);
                    };
            if (cutOff.get()) {
                throw broken(name, kind, "it is cut off", null);
            }
            return image;
        } catch (UserException e) {
            throw e;
        } catch (IOException | RuntimeException e) {
            // readers throw many kinds of exceptions for broken files, not only IOExceptions
            throw broken(name, kind, String.valueOf(e.getMessage()), e);
        } catch (OutOfMemoryError e) {
            // a broken header may request any amount of memory, none of which is kept
            throw new UserException(
                    "%s takes more memory than there is; shrink it, or start with a larger -Xmx.".formatted(name), e);
        } finally {
            reader.dispose();
        }
    }

    /** Returns true for a warning of a truncated picture, of which the JDK's readers only warn and which Pillow refuses. */
    private static boolean isOfCutOff(String warning) {
        String text = warning.toLowerCase(Locale.ROOT);
        return text.contains("premature") || text.contains("truncated") || text.contains("unexpected end");
    }

    private static RgbImage read(ImageReader reader, ImageFormat kind, String name) throws IOException {
        BufferedImage decoded = reader.read(0);
        RgbImage image = Colours.rgb(decoded.getRaster(), decoded.getColorModel(), name);
        return kind == ImageFormat.GIF ? GifCanvas.of(reader, image, decoded) : image;
    }

    private static ImageReader reader(ImageFormat kind, String name) {
        Iterator<ImageReader> readers =
                ImageIO.getImageReadersByFormatName(kind.name().toLowerCase(Locale.ROOT));
        if (!readers.hasNext()) {
            throw new UserException(
                    "%s is %s, for which this Java has no reader; save it as PNG.".formatted(name, kind.name()));
        }
        return readers.next();
    }

    private static void requireRoom(int width, int height, String name) {
        long pixels = (long) width * height;
        if (pixels > MOST_PIXELS) {
            throw new UserException("%s has %s x %s pixels, more than the %s million that are read; shrink it."
                    .formatted(name, width, height, MOST_PIXELS / 1_000_000));
        }
        Runtime runtime = Runtime.getRuntime();
        long room = runtime.maxMemory() - runtime.totalMemory() + runtime.freeMemory();
        // below half of the maximum heap, garbage collection frees enough memory, and the free memory says little
        if (pixels * BYTES_A_PIXEL > Math.max(room, runtime.maxMemory() / 2)) {
            throw new UserException(
                    "%s has %s x %s pixels, which take more memory than there is; shrink it, or start with a larger -Xmx."
                            .formatted(name, width, height));
        }
    }

    private static UserException broken(String name, ImageFormat kind, String why, @Nullable Throwable cause) {
        String message = "%s is a broken %s: %s; copy or download it again."
                .formatted(
                        name,
                        kind.shown(new byte[0]),
                        why.strip().replaceAll("\\s+", " ").replaceAll("\\.$", ""));
        return cause == null ? new UserException(message) : new UserException(message, cause);
    }
}
