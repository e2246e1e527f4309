package org.layerwise.base.json;

import com.fasterxml.jackson.annotation.JsonSetter;
import com.fasterxml.jackson.annotation.Nulls;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.MapperFeature;
import com.fasterxml.jackson.databind.PropertyNamingStrategies;
import com.fasterxml.jackson.databind.cfg.CoercionAction;
import com.fasterxml.jackson.databind.cfg.CoercionInputShape;
import com.fasterxml.jackson.databind.cfg.MutableCoercionConfig;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.fasterxml.jackson.databind.type.LogicalType;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.layerwise.base.PlainText;
import org.layerwise.base.UserException;

/**
 * Reads and writes JSON files of the program as records, whose components name the keys in snake case. A value of
 * another type or range is refused with the name of its key, and never converted. A missing key or a null gives null,
 * 0 or false, unless the component demands it by {@code @JsonProperty(required = true)}; a null in a list is refused,
 * unless the component has {@code @JsonSetter(contentNulls = Nulls.SET)}. Unknown keys are ignored, since a newer
 * version may have written them. Constants with {@code @JsonValue} are written as their ids.
 */
public final class JsonRecords {

    /** Maximum number of characters of a value in an error. */
    private static final int LONGEST = 60;

    private static final JsonMapper MAPPER = JsonMapper.builder()
            .propertyNamingStrategy(PropertyNamingStrategies.SNAKE_CASE)
            .disable(MapperFeature.AUTO_DETECT_IS_GETTERS) // isKnown() of a record is no part of its file
            .disable(MapperFeature.ALLOW_COERCION_OF_SCALARS)
            .disable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
            .enable(DeserializationFeature.FAIL_ON_NUMBERS_FOR_ENUMS)
            .defaultSetterInfo(JsonSetter.Value.forContentNulls(Nulls.FAIL))
            .withCoercionConfig(LogicalType.Textual, JsonRecords::refuseScalars)
            .addModule(new StrictNumbers())
            .build();

    private JsonRecords() {}

    private static void refuseScalars(MutableCoercionConfig texts) {
        for (CoercionInputShape shape :
                List.of(CoercionInputShape.Boolean, CoercionInputShape.Integer, CoercionInputShape.Float)) {
            texts.setCoercion(shape, CoercionAction.Fail);
        }
    }

    /**
     * Reads a file.
     *
     * @param advice last sentence of an error, with its full stop
     * @throws UserException if it is missing, cannot be read, is not JSON, or a value is not what the record demands
     */
    public static <T extends Record> T read(Path file, Class<T> type, String advice) {
        return of(file, Json.read(file), type, advice);
    }

    /**
     * Converts a tree to a record.
     *
     * @param file file to name in errors
     * @param advice last sentence of an error, with its full stop
     * @throws UserException if a value is not what the record demands
     */
    public static <T extends Record> T of(Path file, JsonNode tree, Class<T> type, String advice) {
        try {
            return MAPPER.treeToValue(withoutNulls(tree), type);
        } catch (JsonMappingException e) {
            throw refused(file, tree, e, advice);
        } catch (JsonProcessingException e) {
            throw new IllegalStateException("a tree holds no text to parse", e);
        }
    }

    /**
     * Converts a tree to a record, and the record to what it stands for.
     *
     * @param file file to name in errors, those of the conversion included
     * @param advice last sentence of an error, with its full stop
     * @throws UserException if a value is not what the record or the conversion demands
     */
    public static <T extends Record, R> R of(
            Path file, JsonNode tree, Class<T> type, String advice, Function<T, R> conversion) {
        T content = of(file, tree, type, advice);
        try {
            return conversion.apply(content);
        } catch (UserException e) {
            throw unusable(file, e);
        }
    }

    /** Returns an error that names the file, which is the same one if it does so already. */
    private static UserException unusable(Path file, UserException e) {
        return e.getMessage().contains(file.toString())
                ? e
                : new UserException("%s cannot be used: %s".formatted(file, e.getMessage()), e);
    }

    /** Returns a tree without the keys that are null, since they count as missing. */
    private static JsonNode withoutNulls(JsonNode tree) {
        if (!holdsObjects(tree)) { // fast, for large matrices
            return tree;
        }
        if (tree.isArray()) {
            ArrayNode list = MAPPER.createArrayNode();
            tree.forEach(element -> list.add(withoutNulls(element)));
            return list;
        }
        ObjectNode object = MAPPER.createObjectNode();
        for (Map.Entry<String, JsonNode> entry : tree.properties()) {
            if (!entry.getValue().isNull()) {
                object.set(entry.getKey(), withoutNulls(entry.getValue()));
            }
        }
        return object;
    }

    /** Returns true for an object, and for a list with an object at any depth. */
    private static boolean holdsObjects(JsonNode tree) {
        if (tree.isArray()) {
            for (JsonNode element : tree) {
                if (element.isContainerNode() && holdsObjects(element)) {
                    return true;
                }
            }
        }
        return tree.isObject();
    }

    /** Converts a record to a tree, with the keys in the order of its components. */
    public static ObjectNode tree(Record content) {
        return MAPPER.valueToTree(content);
    }

    /** Writes an indented file atomically. */
    public static void write(Path file, Record content) {
        Json.write(file, tree(content));
    }

    private static UserException refused(Path file, JsonNode tree, JsonMappingException e, String advice) {
        if (e.getCause() instanceof UserException own) {
            return unusable(file, own);
        }
        String key = e.getPath().stream().map(JsonRecords::step).collect(Collectors.joining());
        JsonNode value = value(tree, e.getPath());
        if (value.isMissingNode() || value.isNull()) {
            return new UserException("%s does not say \"%s\". %s".formatted(file, bare(key), advice), e);
        }
        String text = PlainText.cut(Json.line(value), LONGEST);
        return key.isEmpty()
                ? new UserException("%s holds %s; an object is expected. %s".formatted(file, text, advice), e)
                : new UserException(
                        "%s has %s for \"%s\"; %s is expected. %s"
                                .formatted(file, text, bare(key), expected(e), advice),
                        e);
    }

    private static String step(JsonMappingException.Reference step) {
        return step.getFieldName() == null ? "[%s]".formatted(step.getIndex()) : "." + step.getFieldName();
    }

    private static String bare(String key) {
        return key.startsWith(".") ? key.substring(1) : key;
    }

    private static JsonNode value(JsonNode tree, List<JsonMappingException.Reference> path) {
        JsonNode value = tree;
        for (JsonMappingException.Reference step : path) {
            value = step.getFieldName() == null ? value.path(step.getIndex()) : value.path(step.getFieldName());
        }
        return value;
    }

    private static String expected(JsonMappingException e) {
        if (e instanceof StrictNumbers.NumberException number) {
            return number.expected();
        }
        Class<?> type = e instanceof MismatchedInputException mismatch ? mismatch.getTargetType() : Object.class;
        if (type.isEnum()) {
            return "one of "
                    + Arrays.stream(type.getEnumConstants())
                            .map(id -> MAPPER.convertValue(id, String.class))
                            .collect(Collectors.joining(", "));
        }
        if (type == String.class) {
            return "a text";
        }
        if (type == boolean.class || type == Boolean.class) {
            return "true or false";
        }
        return Collection.class.isAssignableFrom(type)
                ? "a list"
                : Map.class.isAssignableFrom(type) || type.isRecord() ? "an object" : "another value";
    }
}
