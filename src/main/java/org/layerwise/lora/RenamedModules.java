package org.layerwise.lora;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.layerwise.model.TargetModules;

/**
 * Modules that transformers 5 calls otherwise than transformers 4. An adapter is written under both names: PEFT passes
 * over a name that the model does not have, so that the adapter works with either version.
 *
 * @param renamed names in transformers 5 by those in transformers 4
 */
record RenamedModules(Map<String, String> renamed) {

    /** Returns a configuration whose targets have both names; an expression is left as it is. */
    LoraConfig both(LoraConfig config) {
        return new TargetModules(config.targetModules()).expression().isPresent()
                ? config
                : config.withTargets(both(config.targetModules()));
    }

    /** Returns a list of modules with both names of each. */
    List<String> both(List<String> modules) {
        return modules.stream()
                .flatMap(module -> renamed.entrySet().stream()
                        .map(names -> List.of(names.getKey(), names.getValue()))
                        .filter(names -> names.contains(module))
                        .findFirst()
                        .orElse(List.of(module))
                        .stream())
                .distinct()
                .toList();
    }

    /** Returns tensors under both names. */
    Map<String, PeftAdapter.HostTensor> both(Map<String, PeftAdapter.HostTensor> tensors) {
        Map<String, PeftAdapter.HostTensor> all = new LinkedHashMap<>(tensors);
        renamed.forEach((earlier, later) -> tensors.forEach((name, tensor) -> {
            String start = PeftNames.PREFIX + earlier + ".";
            if (name.startsWith(start)) {
                all.put(PeftNames.PREFIX + later + "." + name.substring(start.length()), tensor);
            }
        }));
        return all;
    }

    /** Returns an adapter with the names of transformers 4 alone, as if it had been written under both names or that one. */
    PeftAdapter earlier(PeftAdapter adapter) {
        Map<String, PeftAdapter.HostTensor> tensors = new LinkedHashMap<>(adapter.tensors());
        adapter.tensors()
                .forEach((name, tensor) -> renamed.forEach((earlier, later) -> {
                    String start = PeftNames.PREFIX + later + ".";
                    if (name.startsWith(start)) {
                        tensors.remove(name);
                        tensors.putIfAbsent(PeftNames.PREFIX + earlier + "." + name.substring(start.length()), tensor);
                    }
                }));
        LoraConfig config = adapter.config();
        return new PeftAdapter(
                adapter.origin(),
                config.withTargets(earlier(config.targetModules())),
                adapter.taskType(),
                earlier(adapter.modulesToSave()),
                adapter.base(),
                tensors,
                adapter.host());
    }

    private List<String> earlier(List<String> modules) {
        return modules.stream()
                .map(module -> renamed.entrySet().stream()
                        .filter(names -> names.getValue().equals(module))
                        .map(Map.Entry::getKey)
                        .findFirst()
                        .orElse(module))
                .distinct()
                .toList();
    }
}
