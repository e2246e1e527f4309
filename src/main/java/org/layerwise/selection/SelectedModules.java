package org.layerwise.selection;

import com.fasterxml.jackson.annotation.JsonCreator;
import com.fasterxml.jackson.annotation.JsonValue;
import com.fasterxml.jackson.databind.JsonNode;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalInt;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.layerwise.base.PlainText;
import org.layerwise.base.UserException;
import org.layerwise.base.json.Json;
import org.layerwise.base.setting.Setting;
import org.layerwise.base.setting.SettingValues;
import org.layerwise.lora.LoraSettings;
import org.layerwise.lora.LoraVariant;

/**
 * Linear maps to tune, each in one layer, all with ranks of their own or all with the rank of the training.
 *
 * @param names full names of the modules, as in the weights, or their ends from the list of layers on
 *     ({@code layers.3.self_attn.q_proj}); sorted by layer, then by name
 * @param ranks rank of each module by its name, in the same order; empty if all have the rank of the training
 */
public record SelectedModules(List<String> names, Map<String, Integer> ranks) {

    // the first number is that of the layer, a second one that of an expert
    private static final Pattern IN_LAYER =
            Pattern.compile("(?:[A-Za-z_][\\w-]*\\.)+?(\\d{1,9})\\.([\\w-]+(?:\\.[\\w-]+)*)");

    private static final int SHOWN = 60;

    /** Maximum number of characters of a name; those of real models are below 100. */
    private static final int LONGEST = 500;

    private static final Comparator<String> ORDER =
            Comparator.comparingInt(SelectedModules::layer).thenComparing(Comparator.naturalOrder());

    /**
     * Sorts the modules.
     *
     * @throws UserException if there is no module, a name is not that of a module in a layer, or a rank is out of range
     */
    public SelectedModules {
        if (names.isEmpty()) {
            throw new UserException("A selection by modules names no module; name some, or leave out \"modules\".");
        }
        names.forEach(SelectedModules::layer); // refuses other names
        names = names.stream().distinct().sorted(ORDER).toList();
        Map<String, Integer> sorted = new LinkedHashMap<>();
        if (!ranks.isEmpty()) {
            for (String name : names) {
                Integer rank = ranks.get(name);
                if (rank == null || !LoraSettings.RANKS.contains(rank)) {
                    throw new UserException("The rank of %s is %s; it must be %s."
                            .formatted(name, rank == null ? "missing" : rank, LoraSettings.RANKS.words()));
                }
                sorted.put(name, rank);
            }
        }
        ranks = Collections.unmodifiableMap(sorted);
    }

    /** Returns modules that all have the rank of the training. */
    public static SelectedModules of(Collection<String> names) {
        return new SelectedModules(List.copyOf(names), Map.of());
    }

    /** Returns modules with ranks of their own. */
    public static SelectedModules of(Map<String, Integer> ranks) {
        return new SelectedModules(List.copyOf(ranks.keySet()), ranks);
    }

    /** Returns the modules that a file holds: a list of names, or an object of names and ranks. */
    @JsonCreator(mode = JsonCreator.Mode.DELEGATING)
    static SelectedModules of(JsonNode json) {
        if (json.isArray()) {
            List<String> names = new ArrayList<>();
            json.forEach(name -> names.add(name.isTextual() ? name.textValue() : refuse(name)));
            return of(names);
        }
        if (!json.isObject()) {
            return of(List.of(refuse(json)));
        }
        Map<String, Integer> ranks = new LinkedHashMap<>();
        json.properties().forEach(entry -> {
            if (!entry.getValue().isInt()) {
                refuse(entry.getValue());
            }
            ranks.put(entry.getKey(), entry.getValue().intValue());
        });
        return of(ranks);
    }

    private static String refuse(JsonNode value) {
        throw new UserException(
                "\"modules\" holds %s; a list of names of modules or an object of names and ranks is expected."
                        .formatted(PlainText.cut(Json.line(value), SHOWN)));
    }

    @JsonValue
    Object content() {
        return ranks.isEmpty() ? names : ranks;
    }

    /**
     * Returns the layer of a module, the first number in its name.
     *
     * @throws UserException if the name is not that of a module in a layer
     */
    public static int layer(String name) {
        return Integer.parseInt(inLayer(name).group(1));
    }

    /**
     * Returns the name of a module within its layer, such as {@code self_attn.q_proj}.
     *
     * @throws UserException if the name is not that of a module in a layer
     */
    public static String type(String name) {
        return inLayer(name).group(2);
    }

    private static Matcher inLayer(String name) {
        Matcher matcher = IN_LAYER.matcher(name);
        if (name.length() > LONGEST || !matcher.matches()) {
            throw new UserException("\"%s\" is no module in a layer; write names such as layers.3.self_attn.q_proj."
                    .formatted(PlainText.cut(name, SHOWN)));
        }
        return matcher;
    }

    /** Returns the layers that have at least one of the modules, 0-based. */
    public SortedSet<Integer> layers() {
        return names.stream().map(SelectedModules::layer).collect(Collectors.toCollection(TreeSet::new));
    }

    /** Returns the rank of a module; empty if it is that of the training. */
    public OptionalInt rank(String name) {
        Integer rank = ranks.get(name);
        return rank == null ? OptionalInt.empty() : OptionalInt.of(rank);
    }

    /** Returns the highest rank; empty if the modules have that of the training. */
    public OptionalInt highestRank() {
        return ranks.values().stream().mapToInt(Integer::intValue).max();
    }

    /** Returns these modules by other names, with their ranks. */
    public SelectedModules renamed(UnaryOperator<String> name) {
        Map<String, Integer> others = new LinkedHashMap<>();
        ranks.forEach((own, rank) -> others.put(name.apply(own), rank));
        return new SelectedModules(names.stream().map(name).toList(), others);
    }

    /**
     * Returns the settings of adapters on exactly these modules. Ranks of their own replace r: it becomes the highest of them, and
     * alpha follows, so that all modules have the scale of the given r and alpha, as servers that know one scale need.
     *
     * @param values values of {@link LoraSettings}
     * @throws UserException if the values name other targets, or ranks for single modules where these have their own
     */
    public SettingValues settings(SettingValues values) {
        refuse(values, LoraSettings.TARGET_MODULES, "names its modules");
        refuse(values, LoraSettings.TARGET_PARAMETERS, "names its modules");
        SettingValues settings = values.with(LoraSettings.TARGET_MODULES, names);
        if (ranks.isEmpty()) {
            return settings;
        }
        refuse(values, LoraSettings.RANK_PATTERN, "has ranks of its own");
        refuse(values, LoraSettings.ALPHA_PATTERN, "has ranks of its own");
        int highest = Collections.max(ranks.values());
        LoraVariant variant = values.get(LoraSettings.VARIANT);
        double alpha = values.get(LoraSettings.ALPHA);
        int rank = values.get(LoraSettings.RANK);
        Map<String, Integer> others = new LinkedHashMap<>();
        Map<String, Double> alphas = new LinkedHashMap<>();
        ranks.forEach((name, own) -> {
            if (own != highest) {
                others.put(name, own);
                alphas.put(name, variant.alpha(alpha, rank, own));
            }
        });
        SettingValues ranked = settings.with(LoraSettings.RANK, highest).with(LoraSettings.RANK_PATTERN, others);
        if (variant.sharded()) {
            return ranked; // MiSS has no scale
        }
        return ranked.with(LoraSettings.ALPHA, variant.alpha(alpha, rank, highest))
                .with(LoraSettings.ALPHA_PATTERN, alphas);
    }

    private static void refuse(SettingValues values, Setting<?> setting, String why) {
        if (values.given(setting).filter(value -> !isEmpty(value)).isPresent()) {
            throw new UserException("The selection %s, so leave out %s.".formatted(why, setting.flag()));
        }
    }

    private static boolean isEmpty(Object value) {
        return value instanceof Collection<?> list && list.isEmpty() || value instanceof Map<?, ?> map && map.isEmpty();
    }

    /** Returns the number of modules and their ranks for users: {@code 14 linear maps, ranks 2 to 16}. */
    public String words() {
        String maps = names.size() == 1 ? "1 linear map" : names.size() + " linear maps";
        if (ranks.isEmpty()) {
            return maps;
        }
        int lowest = Collections.min(ranks.values());
        int highest = Collections.max(ranks.values());
        return maps + (lowest == highest ? ", rank " + lowest : ", ranks %s to %s".formatted(lowest, highest));
    }
}
