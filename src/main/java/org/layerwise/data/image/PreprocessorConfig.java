package org.layerwise.data.image;

import com.fasterxml.jackson.databind.JsonNode;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.json.JsonNumbers;

/**
 * Settings of an image processor, from its file or that of the whole processor, with the defaults of transformers' {@code CLIPImageProcessor}.
 *
 * @param resize size to resize to; null if the size is not changed
 * @param resampling filter of the resizing
 * @param crop size to crop to; null if nothing is cropped
 * @param rescale factor of the levels 0 to 255; null if they are not changed
 * @param normalize normalisation; null if there is none
 */
record PreprocessorConfig(
        @Nullable Resize resize,
        Resampling resampling,
        @Nullable Size crop,
        @Nullable Double rescale,
        @Nullable Normalize normalize) {

    private static final String ALONE = "preprocessor_config.json";

    /** File in which transformers 5 writes the settings, in a part of their own. */
    private static final String PROCESSOR = "processor_config.json";

    private static final String PART = "image_processor";

    // the fast processor gives almost the same results, and its files have the same format
    private static final Set<String> PROCESSORS =
            Set.of("CLIPImageProcessor", "CLIPImageProcessorFast", "CLIPFeatureExtractor");
    private static final List<Double> CLIP_MEAN = List.of(0.48145466, 0.4578275, 0.40821073);
    private static final List<Double> CLIP_DEVIATION = List.of(0.26862954, 0.26130258, 0.27577711);
    private static final int CLIP_SIZE = 224;
    private static final int LARGEST = 8192;

    /** Size in pixels. */
    record Size(int height, int width) {}

    /**
     * Size to resize to: a height and a width, or with {@code shortestEdge} the length of the shorter side, which is
     * stored in both.
     */
    record Resize(int height, int width, boolean shortestEdge) {}

    /** Means and standard deviations of the channels. */
    record Normalize(List<Double> means, List<Double> deviations) {}

    static PreprocessorConfig ofModel(Path folder) {
        Path processor = folder.resolve(PROCESSOR);
        if (Files.exists(processor)) {
            JsonNode part = Json.read(processor).path(PART);
            if (!Reader.missing(part)) {
                return of(processor, part);
            }
        }
        Path alone = folder.resolve(ALONE);
        if (!Files.exists(alone)) {
            throw new UserException(
                    "%s has no %s and no %s in %s, which say how images are prepared; copy or download them from where the model came from."
                            .formatted(folder, ALONE, PART, PROCESSOR));
        }
        return read(alone);
    }

    static PreprocessorConfig read(Path file) {
        return of(file, Json.read(file));
    }

    private static PreprocessorConfig of(Path file, JsonNode json) {
        if (!json.isObject()) {
            throw new UserException(
                    "%s holds no JSON object, as the settings of an image processor must be.".formatted(file));
        }
        return new Reader(file, json).config();
    }

    private record Reader(Path file, JsonNode json) {

        PreprocessorConfig config() {
            for (String key : List.of("image_processor_type", "feature_extractor_type")) {
                JsonNode type = json.path(key);
                if (type.isTextual() && !PROCESSORS.contains(type.asText())) {
                    throw new UserException(
                            "%s asks for the image processor %s, which is not known; only CLIPImageProcessor is."
                                    .formatted(file, type.asText()));
                }
            }
            for (String key : List.of("do_pad", "do_thumbnail", "do_reduce_labels", "do_flip_channel_order")) {
                if (!missing(json.path(key)) && on(key)) {
                    throw refused(key, "which CLIPImageProcessor does not know");
                }
            }
            return new PreprocessorConfig(
                    on("do_resize") ? resize() : null,
                    resampling(),
                    on("do_center_crop") ? crop() : null,
                    on("do_rescale") ? number("rescale_factor", json.path("rescale_factor"), 1.0 / 255) : null,
                    on("do_normalize") ? normalize() : null);
        }

        /**
         * Returns true if a step is on, the default.
         *
         * @throws UserException also for null, which is false for transformers' slow processor and the default for its
         *     fast one
         */
        private boolean on(String key) {
            JsonNode value = json.path(key);
            if (value.isMissingNode()) {
                return true;
            }
            if (!value.isBoolean()) {
                throw refused(key, "true or false is expected");
            }
            return value.booleanValue();
        }

        private Resize resize() {
            JsonNode size = json.path("size");
            if (missing(size)) {
                return new Resize(CLIP_SIZE, CLIP_SIZE, true);
            }
            JsonNode edge = size.isObject() ? size.path("shortest_edge") : size;
            if (edge.isNumber()) {
                requireOnly(size, "shortest_edge");
                int length = pixels("size", edge);
                return new Resize(length, length, true);
            }
            Size both = size("size", size);
            return new Resize(both.height(), both.width(), false);
        }

        private Size crop() {
            JsonNode size = json.path("crop_size");
            if (missing(size)) {
                return new Size(CLIP_SIZE, CLIP_SIZE);
            }
            if (size.isNumber()) {
                int length = pixels("crop_size", size);
                return new Size(length, length);
            }
            return size("crop_size", size);
        }

        private Size size(String key, JsonNode size) {
            if (size.isArray() && size.size() == 2) {
                return new Size(pixels(key, size.get(0)), pixels(key, size.get(1)));
            }
            if (!size.has("height") || !size.has("width")) {
                throw refused(key, "a number or {\"height\": …, \"width\": …} is expected");
            }
            requireOnly(size, "height", "width");
            return new Size(pixels(key, size.path("height")), pixels(key, size.path("width")));
        }

        private void requireOnly(JsonNode size, String... keys) {
            for (var property : size.properties()) {
                if (!Set.of(keys).contains(property.getKey()) && !missing(property.getValue())) {
                    throw refused("size", property.getKey() + " beside " + keys[0] + " is not known");
                }
            }
        }

        private int pixels(String key, JsonNode value) {
            if (!JsonNumbers.isWhole(value, 1, LARGEST)) {
                throw refused(key, "whole numbers from 1 to %s are expected".formatted(LARGEST));
            }
            return value.intValue();
        }

        private Resampling resampling() {
            JsonNode value = json.path("resample");
            if (value.isMissingNode() || value.isNull() && !on("do_resize")) {
                return Resampling.BICUBIC;
            }
            return Optional.of(value)
                    .filter(JsonNode::isIntegralNumber)
                    .flatMap(number -> Resampling.of(number.intValue()))
                    .orElseThrow(
                            () -> refused("resample", "the number of one of Pillow's filters, 0 to 5, is expected"));
        }

        private Normalize normalize() {
            Normalize normalize =
                    new Normalize(channels("image_mean", CLIP_MEAN), channels("image_std", CLIP_DEVIATION));
            if (normalize.deviations().contains(0.0)) {
                throw refused("image_std", "numbers other than 0 are expected");
            }
            return normalize;
        }

        private List<Double> channels(String key, List<Double> fallback) {
            JsonNode value = json.path(key);
            if (missing(value)) {
                return fallback;
            }
            if (value.isNumber()) {
                double same = number(key, value, 0);
                return List.of(same, same, same);
            }
            if (!value.isArray() || value.size() != RgbImage.CHANNELS) {
                throw refused(key, "a number or 3 of them are expected");
            }
            List<Double> numbers = new ArrayList<>();
            value.forEach(each -> numbers.add(number(key, each, 0)));
            return List.copyOf(numbers);
        }

        private double number(String key, JsonNode value, double fallback) {
            if (value.isMissingNode()) {
                return fallback;
            }
            if (!JsonNumbers.isFloat(value)) {
                throw refused(key, "a number is expected");
            }
            return value.doubleValue();
        }

        private UserException refused(String key, String why) {
            return new UserException("%s has %s = %s; %s.".formatted(file, key, json.path(key), why));
        }

        private static boolean missing(JsonNode value) {
            return value.isMissingNode() || value.isNull();
        }
    }
}
