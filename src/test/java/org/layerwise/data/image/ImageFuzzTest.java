package org.layerwise.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.layerwise.testing.FuzzRounds;
import org.layerwise.testing.Golden;
import org.layerwise.testing.Mutations;

/** A mutated picture is decoded or refused in one sentence. */
class ImageFuzzTest {

    private static final int ROUNDS = 500;

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(
            strings = {
                "bilevel.png",
                "cmyk.jpg",
                "cmyk.tif",
                "palette.gif",
                "palette_transparent.png",
                "rgb.bmp",
                "rgb.jpg",
                "rgb.png",
                "rgb.tif",
                "turned_6.jpg",
                "turned_6.tif"
            })
    void pictures(String name) throws IOException {
        byte[] picture = Files.readAllBytes(Golden.folder("images").resolve(name));
        Path file = folder.resolve(name);
        Mutations mutations = new Mutations(name.hashCode());
        FuzzRounds.Outcome outcome = new FuzzRounds("image-" + name, ROUNDS, file).run(round -> {
            byte[] mutated = mutations.text(picture);
            Files.write(file, mutated);
            return FuzzRounds.isAccepted(() -> {
                RgbImage image = ImageDecoder.decode(mutated, "It");
                assertThat(image.rgb()).hasSize(3 * image.width() * image.height());
            });
        });
        assertThat(outcome.validShare()).isStrictlyBetween(0.0, 1.0);
    }

    @Test
    void preprocessorConfigurations() throws IOException {
        Path config = folder.resolve("preprocessor_config.json");
        byte[] text =
                """
                {"image_processor_type": "CLIPImageProcessor", "do_resize": true, "size": {"shortest_edge": 24},
                 "resample": 3, "do_center_crop": true, "crop_size": {"height": 24, "width": 24}, "do_rescale": true,
                 "rescale_factor": 0.00392156862745098, "do_normalize": true, "image_mean": [0.48, 0.46, 0.41],
                 "image_std": [0.27, 0.26, 0.28], "do_convert_rgb": true}
                """
                        .getBytes(StandardCharsets.UTF_8);
        ImageSource picture = new ImageSource.InFile(Golden.folder("images").resolve("rgb.png"));
        Mutations mutations = new Mutations(6);
        FuzzRounds.Outcome outcome = new FuzzRounds("preprocessor", ROUNDS, config).run(round -> {
            Files.write(config, mutations.json(text));
            return FuzzRounds.isAccepted(() -> assertThat(
                            ImagePreprocessor.read(config).pixels(picture, "It").values())
                    .isNotEmpty());
        });
        assertThat(outcome.validShare()).isBetween(0.01, 0.9);
    }
}
