package org.layerwise.testing;

import com.fasterxml.jackson.databind.node.ObjectNode;
import java.nio.file.Path;
import org.layerwise.base.json.Json;

/**
 * Writes a {@code tokenizer.json} like GPT-2's (byte-level BPE) that knows no merges: one token a byte. The tokens 0 to 2 are
 * special, {@code <pad>}, {@code <s>} and {@code </s>}; byte b is the token b + 3.
 */
public final class ByteTokenizer {

    private static final int SPECIAL = 3;

    private ByteTokenizer() {}

    /** The file, in a folder. */
    public static Path write(Path folder) {
        ObjectNode json = Json.object();
        json.put("version", "1.0");
        String[] special = {"<pad>", "<s>", "</s>"};
        for (int id = 0; id < special.length; id++) {
            ObjectNode token = json.withArray("added_tokens").addObject();
            token.put("id", id).put("content", special[id]).put("special", true);
            for (String flag : new String[] {"single_word", "lstrip", "rstrip", "normalized"}) {
                token.put(flag, false);
            }
        }
        for (String part : new String[] {"pre_tokenizer", "decoder"}) {
            ObjectNode level = json.putObject(part);
            level.put("type", "ByteLevel").put("add_prefix_space", false);
            level.put("trim_offsets", false).put("use_regex", false);
        }
        ObjectNode model = json.putObject("model");
        model.put("type", "BPE");
        model.putArray("merges");
        ObjectNode vocabulary = model.putObject("vocab");
        for (int id = 0; id < special.length; id++) {
            vocabulary.put(special[id], id);
        }
        int unprintable = 0;
        for (int value = 0; value < 256; value++) {
            boolean shown = value > ' ' && value < 127 || value > 160 && value != 173;
            vocabulary.put(String.valueOf((char) (shown ? value : 256 + unprintable++)), id(value));
        }
        Path file = folder.resolve("tokenizer.json");
        Json.write(file, json);
        WordTokenizer.leaveAsItIs(folder);
        return file;
    }

    /** The token of a byte, or of a character of ASCII. */
    public static long id(int value) {
        return (value & 0xff) + (long) SPECIAL;
    }
}
