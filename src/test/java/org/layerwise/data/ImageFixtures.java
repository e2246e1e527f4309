package org.layerwise.data;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.Map;
import java.util.stream.Collectors;
import javax.imageio.ImageIO;
import org.layerwise.data.image.ImagePreprocessor;

/** Small images, a preprocessor and a tokenizer that knows an image token. */
public final class ImageFixtures {

    /** The id of {@code <image>} in {@link #tokenizer}. */
    public static final long IMAGE = 3;

    private ImageFixtures() {}

    /** A PNG of one colour. */
    public static byte[] png(int width, int height, int rgb) {
        BufferedImage image = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                image.setRGB(x, y, rgb);
            }
        }
        try {
            ByteArrayOutputStream bytes = new ByteArrayOutputStream();
            ImageIO.write(image, "png", bytes);
            return bytes.toByteArray();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Gives levels of red, green and blue as they are, on 2 x 2 pixels. */
    public static ImagePreprocessor preprocessor(Path folder) {
        return ImagePreprocessor.read(DataFixtures.write(
                folder,
                "preprocessor_config.json",
                "{\"size\": 2, \"crop_size\": 2, \"do_normalize\": false, \"do_rescale\": false}"));
    }

    /** Words between spaces; {@code <s>} at the beginning. */
    public static Path tokenizer(Path folder) {
        Map<String, Integer> words = Map.of(
                "<unk>",
                0,
                "<s>",
                1,
                "</s>",
                2,
                "<image>",
                3,
                "USER:",
                4,
                "ASSISTANT:",
                5,
                "what",
                6,
                "is",
                7,
                "this",
                8,
                "cat",
                9);
        String vocabulary = words.entrySet().stream()
                .map(word -> "\"%s\": %s".formatted(word.getKey(), word.getValue()))
                .collect(Collectors.joining(", ", "{", "}"));
        String added = words.entrySet().stream()
                .filter(word -> word.getValue() <= IMAGE)
                .map(word ->
                        """
                        {"id": %s, "content": "%s", "single_word": false, "lstrip": false, "rstrip": false, "normalized": false, "special": true}"""
                                .formatted(word.getValue(), word.getKey()))
                .collect(Collectors.joining(", ", "[", "]"));
        return DataFixtures.write(
                folder,
                "tokenizer.json",
                """
                {"version": "1.0", "truncation": null, "padding": null, "added_tokens": %s, "normalizer": null,
                 "pre_tokenizer": {"type": "WhitespaceSplit"},
                 "post_processor": {"type": "TemplateProcessing",
                   "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A", "type_id": 0}}],
                   "pair": [], "special_tokens": {"<s>": {"id": "<s>", "ids": [1], "tokens": ["<s>"]}}},
                 "decoder": null, "model": {"type": "WordLevel", "vocab": %s, "unk_token": "<unk>"}}
                """
                        .formatted(added, vocabulary));
    }
}
