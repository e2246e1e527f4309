package org.layerwise.data.image;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.base.UserException;
import org.layerwise.checkpoint.SafetensorsFile;
import org.layerwise.testing.Golden;

class ImagePreprocessorTest {

    @TempDir
    Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"alpha.png", "grey.png", "small.png", "tall.png", "wide.png"})
    void asClipImageProcessor(String name) {
        Path golden = Golden.folder("clip_images");
        ImagePreprocessor preprocessor = ImagePreprocessor.read(golden.resolve("preprocessor_config.json"));

        ImagePreprocessor.Pixels pixels =
                preprocessor.pixels(new ImageSource.InFile(golden.resolve(name)), "The image");

        assertThat(pixels.height()).isEqualTo(28);
        assertThat(pixels.width()).isEqualTo(28);
        try (SafetensorsFile file = SafetensorsFile.open(golden.resolve("golden.safetensors"))) {
            double[] expected = Golden.doubles(file, "pixel_values." + name);
            assertThat(pixels.values()).hasSize(expected.length);
            for (int i = 0; i < expected.length; i++) {
                assertThat((double) pixels.values()[i]).as("value %d", i).isCloseTo(expected[i], within(1e-5));
            }
        }
    }

    @Test
    void withoutSettingsAsClip() throws IOException {
        ImagePreprocessor.Pixels pixels = pixels("{}", 300, 230);

        assertThat(pixels.height()).isEqualTo(224);
        assertThat(pixels.width()).isEqualTo(224);
        // the mean and deviation of a channel, which is 60 throughout
        assertThat((double) pixels.values()[0]).isCloseTo((60 / 255.0 - 0.48145466) / 0.26862954, within(1e-6));
    }

    @Test
    void numbersAsSizes() throws IOException {
        ImagePreprocessor.Pixels pixels = pixels("{\"size\": 10, \"crop_size\": 8}", 40, 20);

        assertThat(pixels.values()).hasSize(3 * 8 * 8);
    }

    @Test
    void heightAndWidthDoNotKeepTheShape() throws IOException {
        ImagePreprocessor.Pixels pixels =
                pixels("{\"size\": {\"height\": 7, \"width\": 9}, \"do_center_crop\": false}", 40, 20);

        assertThat(pixels.height()).isEqualTo(7);
        assertThat(pixels.width()).isEqualTo(9);
    }

    @Test
    void theShorterEdgeOfTallAndWideImages() throws IOException {
        String config = "{\"size\": {\"shortest_edge\": 10}, \"do_center_crop\": false}";

        assertThat(pixels(config, 33, 20).width()).isEqualTo(16);
        assertThat(pixels(config, 33, 20).height()).isEqualTo(10);
        assertThat(pixels(config, 20, 33).height()).isEqualTo(16);
    }

    @Test
    void smallImagesGetZerosAround() throws IOException {
        ImagePreprocessor.Pixels pixels = pixels(
                "{\"do_resize\": false, \"crop_size\": 4, \"do_normalize\": false, \"do_rescale\": false}", 3, 1);

        // one column on the left, two rows above and one below
        assertThat(java.util.Arrays.copyOf(pixels.values(), 16))
                .containsExactly(0, 0, 0, 0, 0, 0, 0, 0, 0, 60, 60, 60, 0, 0, 0, 0);
    }

    @Test
    void switchesTurnStepsOff() throws IOException {
        assertThat(pixels("{\"do_normalize\": false, \"crop_size\": 1}", 5, 5).values()[0])
                .isEqualTo((float) (60 / 255.0));
        assertThat(pixels("{\"do_normalize\": false, \"crop_size\": 1, \"rescale_factor\": 0.5}", 5, 5)
                        .values()[0])
                .isEqualTo(30f);
    }

    @Test
    void unknownProcessor() {
        refused(
                "{\"image_processor_type\": \"SiglipImageProcessor\"}",
                "asks for the image processor SiglipImageProcessor, which is not known");
        refused("{\"feature_extractor_type\": \"ViTFeatureExtractor\"}", "ViTFeatureExtractor");
        refused("{\"do_pad\": true}", "do_pad");
    }

    @Test
    void senselessSettings() {
        refused("[]", "holds no JSON object");
        refused("{\"size\": \"big\"}", "size");
        refused("{\"size\": {\"longest_edge\": 3}}", "size");
        refused("{\"size\": {\"shortest_edge\": 3, \"longest_edge\": 9}}", "longest_edge");
        refused("{\"crop_size\": 0}", "crop_size = 0");
        refused("{\"crop_size\": {\"height\": 3}}", "crop_size");
        refused("{\"resample\": 9}", "resample = 9");
        refused("{\"do_resize\": \"yes\"}", "do_resize");
        refused("{\"image_std\": [1, 0, 1]}", "image_std");
        refused("{\"image_mean\": [1, 0]}", "image_mean");
        refused("{\"rescale_factor\": NaN}", "rescale_factor");
    }

    /** transformers' slow processor takes null as false or fails, its fast one takes the default. */
    @ParameterizedTest
    @ValueSource(strings = {"do_resize", "do_center_crop", "do_rescale", "do_normalize", "resample", "rescale_factor"})
    void nullIsRefusedWhereItHasTwoMeanings(String key) {
        refused("{\"%s\": null}".formatted(key), key + " = null");
    }

    @Test
    void nullIsTheDefaultWhereItHasOneMeaning() throws IOException {
        String nulls =
                "\"size\": null, \"crop_size\": null, \"image_mean\": null, \"image_std\": null, \"do_pad\": null";

        assertThat(pixels("{%s}".formatted(nulls), 5, 5).values())
                .isEqualTo(pixels("{}", 5, 5).values());
        assertThat(pixels("{\"do_resize\": false, \"resample\": null}", 5, 5).values())
                .isEqualTo(pixels("{\"do_resize\": false}", 5, 5).values());
        refused("{\"image_mean\": [0.5, null, 0.5]}", "image_mean = [0.5,null,0.5]");
    }

    @Test
    void threadsOfPixels() {
        assertThatThrownBy(() -> pixels("{}", 1, 4_000_000))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("The image has 1 x 4000000 pixels, too thin");
    }

    @Test
    void settingsInTheProcessorOfTransformers5() throws IOException {
        String alone = Files.readString(Golden.folder("clip_images").resolve("preprocessor_config.json"));
        Path processor = Files.writeString(
                folder.resolve("processor_config.json"),
                "{\"image_processor\": %s, \"patch_size\": 14, \"processor_class\": \"LlavaProcessor\"}"
                        .formatted(alone));

        String settings = ImagePreprocessor.read(Golden.folder("clip_images").resolve("preprocessor_config.json"))
                .settings();
        assertThat(ImagePreprocessor.ofModel(folder).settings()).isEqualTo(settings);

        Path other = Files.writeString(folder.resolve("preprocessor_config.json"), "{\"do_resize\": false}");
        assertThat(ImagePreprocessor.ofModel(folder).settings()).isEqualTo(settings);

        Files.writeString(processor, "{\"patch_size\": 14, \"processor_class\": \"LlavaProcessor\"}");
        assertThat(ImagePreprocessor.ofModel(folder).settings()).startsWith("resize null");

        Files.delete(other);
        assertThatThrownBy(() -> ImagePreprocessor.ofModel(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining(
                        "has no preprocessor_config.json and no image_processor in processor_config.json");

        Files.writeString(processor, "{\"image_processor\": {\"size\": \"large\"}}");
        assertThatThrownBy(() -> ImagePreprocessor.ofModel(folder))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("processor_config.json has size = \"large\"");
    }

    private void refused(String config, String part) {
        assertThatThrownBy(() -> read(config))
                .isInstanceOf(UserException.class)
                .hasMessageContaining("preprocessor_config.json")
                .hasMessageContaining(part);
    }

    private ImagePreprocessor read(String config) throws IOException {
        return ImagePreprocessor.read(Files.writeString(folder.resolve("preprocessor_config.json"), config));
    }

    /** What becomes of an image of one colour. */
    private ImagePreprocessor.Pixels pixels(String config, int width, int height) throws IOException {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        int[] row = new int[width];
        java.util.Arrays.fill(row, 60 << 16 | 90 << 8 | 200);
        image.setRGB(0, 0, width, height, row(row, height), 0, width);
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        ImageIO.write(image, "png", bytes);
        return read(config).pixels(new ImageSource.InCell("", bytes.toByteArray()), "The image");
    }

    private static int[] row(int[] row, int height) {
        int[] all = new int[row.length * height];
        java.util.Arrays.fill(all, row[0]);
        return all;
    }
}
