package org.layerwise.cli.report;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.layerwise.cli.console.TextTable;
import org.layerwise.study.model.ModelInspection;

/**
 * Tensors that are shown together: those of one layer, or tensors outside of all layers.
 *
 * @param family common name of blocks that may be equal: empty for the model's layers, otherwise the beginning of the
 *     tensors' names, such as that of a vision tower's layers
 * @param first number of the block, or of the first block if this one represents several; -1 for tensors without a
 *     number
 * @param last number of the last block that this one represents
 * @param like number of the block that this one equals; -1 if this one is shown in full
 * @param rows tensors of the block
 */
record TensorBlock(String family, int first, int last, int like, List<ModelInspection.Row> rows) {

    private static final Pattern NUMBERED = Pattern.compile("(.*?\\.)(\\d+)(\\..*)");

    /** Tensor with the block that it belongs to. */
    private record Placed(String family, int number, String rest, ModelInspection.Row row) {

        static Placed of(ModelInspection.Row row) {
            if (row.layer().isPresent()) {
                return new Placed("", row.layer().getAsInt(), row.module(), row);
            }
            Matcher numbered = NUMBERED.matcher(row.module());
            return numbered.matches()
                    ? new Placed(numbered.group(1), Integer.parseInt(numbered.group(2)), numbered.group(3), row)
                    : new Placed("", -1, row.module(), row);
        }

        boolean belongsWith(Placed other) {
            return number == other.number && family.equals(other.family);
        }

        boolean isLike(Placed other) {
            return rest.equals(other.rest)
                    && row.dtype().equals(other.row.dtype())
                    && row.shape().equals(other.row.shape());
        }
    }

    /**
     * Groups tensors into blocks in their order. Of consecutive equal layers, the first becomes a block in full, and
     * all others together become one block.
     *
     * @param all true to return all layers in full
     */
    static List<TensorBlock> of(List<ModelInspection.Row> rows, boolean all) {
        List<List<Placed>> groups = new ArrayList<>();
        for (ModelInspection.Row row : rows) {
            Placed placed = Placed.of(row);
            if (groups.isEmpty() || !last(last(groups)).belongsWith(placed)) {
                groups.add(new ArrayList<>());
            }
            last(groups).add(placed);
        }
        List<TensorBlock> blocks = new ArrayList<>();
        // the last block of each family that is shown in full, since other tensors may lie between two layers
        Map<String, List<Placed>> shown = new HashMap<>();
        for (List<Placed> group : groups) {
            String family = group.get(0).family();
            List<Placed> before = shown.getOrDefault(family, List.of());
            if (all || !alike(before, group)) {
                if (group.get(0).number() >= 0) {
                    shown.put(family, group);
                }
                blocks.add(block(group, -1));
            } else if (last(blocks).continuedBy(group.get(0))) {
                TensorBlock alike = blocks.remove(blocks.size() - 1);
                blocks.add(new TensorBlock(
                        alike.family(), alike.first(), group.get(0).number(), alike.like(), alike.rows()));
            } else {
                blocks.add(block(group, before.get(0).number()));
            }
        }
        return blocks;
    }

    private boolean continuedBy(Placed next) {
        return like >= 0 && family.equals(next.family()) && last + 1 == next.number();
    }

    private static TensorBlock block(List<Placed> group, int like) {
        Placed first = group.get(0);
        return new TensorBlock(
                first.family(),
                first.number(),
                first.number(),
                like,
                group.stream().map(Placed::row).toList());
    }

    private static boolean alike(List<Placed> shown, List<Placed> group) {
        if (shown.size() != group.size() || group.get(0).number() < 0) {
            return false;
        }
        for (int i = 0; i < shown.size(); i++) {
            if (!shown.get(i).isLike(group.get(i))) {
                return false;
            }
        }
        return true;
    }

    private static <T> T last(List<T> list) {
        return list.get(list.size() - 1);
    }

    /** Adds the tensors of the block to a table, or one line with the block that this one equals. */
    void addTo(TextTable table) {
        if (like < 0) {
            for (ModelInspection.Row row : rows) {
                table.row(
                        row.layer().isPresent() ? String.valueOf(row.layer().getAsInt()) : "",
                        row.module(),
                        row.shapeText(),
                        row.dtype(),
                        InspectReport.number(row.parameters()));
            }
            return;
        }
        long parameters =
                rows.stream().mapToLong(ModelInspection.Row::parameters).sum();
        String which = first == last
                ? "layer " + first + ": the same as layer " + like
                : "layers %s-%s: the same as layer %s".formatted(first, last, like);
        table.note("%s%s, %s parameters%s"
                .formatted(
                        family.isEmpty() ? "" : family.replaceFirst("\\.$", "") + ", ",
                        which,
                        InspectReport.number(parameters),
                        first == last ? "" : " each"));
    }
}
