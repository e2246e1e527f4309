package org.layerwise.data.image;

import static org.assertj.core.api.Assertions.assertThat;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Iterator;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.TestFactory;
import org.layerwise.base.json.Json;
import org.layerwise.testing.Golden;

/** Decoding and resizing against Pillow (src/test/python/image_golden.py). */
class PillowTest {

    private static final Path FOLDER = Golden.folder("images");

    // the JDK's JPEG decoder and libjpeg-turbo may round differently
    private static final int JPEG_LEVELS = 2;

    @TestFactory
    Iterator<DynamicTest> decodes() {
        return Json.read(FOLDER.resolve("expected.json")).path("decoded").properties().stream()
                .map(each -> DynamicTest.dynamicTest(each.getKey(), () -> {
                    RgbImage image = ImageDecoder.decode(Files.readAllBytes(FOLDER.resolve(each.getKey())), "It");
                    alike(image, expected(each.getValue()), each.getKey().endsWith(".jpg") ? JPEG_LEVELS : 0);
                }))
                .iterator();
    }

    @TestFactory
    Iterator<DynamicTest> resizes() throws IOException {
        RgbImage image = ImageDecoder.decode(Files.readAllBytes(FOLDER.resolve("rgb.png")), "It");
        Iterable<JsonNode> cases = Json.read(FOLDER.resolve("expected.json")).path("resized")::elements;
        return java.util.stream.StreamSupport.stream(cases.spliterator(), false)
                .map(each -> {
                    RgbImage expected = expected(each);
                    Resampling filter =
                            Resampling.of(each.get("resample").asInt()).orElseThrow();
                    return DynamicTest.dynamicTest(
                            "%s to %s x %s".formatted(filter, expected.width(), expected.height()),
                            () -> alike(
                                    Resampler.resize(image, expected.width(), expected.height(), filter), expected, 0));
                })
                .iterator();
    }

    private static void alike(RgbImage image, RgbImage expected, int levels) {
        assertThat(image.width()).isEqualTo(expected.width());
        assertThat(image.height()).isEqualTo(expected.height());
        for (int i = 0; i < expected.rgb().length; i++) {
            assertThat(Math.abs((image.rgb()[i] & 0xFF) - (expected.rgb()[i] & 0xFF)))
                    .as("byte %d", i)
                    .isLessThanOrEqualTo(levels);
        }
    }

    private static RgbImage expected(JsonNode json) {
        return new RgbImage(
                json.get("width").asInt(),
                json.get("height").asInt(),
                Base64.getDecoder().decode(json.get("rgb").asText()));
    }
}
