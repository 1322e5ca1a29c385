package io.millrace.domain.yaml;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import com.fasterxml.jackson.databind.node.ObjectNode;
import io.millrace.domain.event.EventText;
import java.io.StringReader;
import java.math.BigDecimal;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.nodes.MappingNode;
import org.yaml.snakeyaml.nodes.Node;
import org.yaml.snakeyaml.nodes.NodeTuple;
import org.yaml.snakeyaml.nodes.ScalarNode;
import org.yaml.snakeyaml.nodes.SequenceNode;
import org.yaml.snakeyaml.nodes.Tag;

/**
 * One YAML text as JSON, which a JSON schema can check, with the line of everything in it, which an
 * error can name. Objects of Java classes, anchors and merge keys are refused.
 */
public final class YamlDocument {
  private static final int MAX_CHARS = 1 << 20;
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private final String file;
  private final Map<String, Integer> lines = new HashMap<>();
  private JsonNode root = JSON.objectNode();

  private YamlDocument(String file) {
    this.file = file;
  }

  /**
   * Reads one text; an empty one is an empty object.
   *
   * @param file name of the file, for errors
   * @throws InvalidYamlException if it is none
   */
  public static YamlDocument read(String file, String text) {
    LoaderOptions options = new LoaderOptions();
    options.setMaxAliasesForCollections(0);
    options.setCodePointLimit(MAX_CHARS);
    YamlDocument document = new YamlDocument(file);
    try {
      Node node = new Yaml(options).compose(new StringReader(text));
      if (node != null) {
        document.root = document.json("", node);
      }
    } catch (MarkedYAMLException e) {
      Mark mark = e.getProblemMark();
      throw new InvalidYamlException(
          List.of(
              file
                  + (mark == null ? "" : ", line " + (mark.getLine() + 1))
                  + ": is no YAML that can be read: "
                  + EventText.shown(e.getProblem())));
    } catch (YAMLException e) {
      throw new InvalidYamlException(
          List.of(file + ": is no YAML that can be read: " + EventText.shown(e.getMessage())));
    }
    return document;
  }

  public JsonNode root() {
    return root;
  }

  /**
   * File, line and place of a value.
   *
   * @param pointer JSON pointer of the value
   */
  public String place(String pointer) {
    Integer line = lines.get(pointer);
    return file
        + (line == null ? "" : ", line " + line)
        + ": "
        + (pointer.isEmpty() ? "the file" : dotted(pointer));
  }

  /** The line of a value, for order; 0 where it is not known. */
  int line(String pointer) {
    return lines.getOrDefault(pointer, 0);
  }

  /** The JSON pointer of what is in an object under this name. */
  public static String child(String pointer, String name) {
    return pointer + '/' + name.replace("~", "~0").replace("/", "~1");
  }

  private static String dotted(String pointer) {
    StringBuilder dotted = new StringBuilder();
    for (String part : pointer.substring(1).split("/")) {
      String name = part.replace("~1", "/").replace("~0", "~");
      dotted.append(dotted.isEmpty() ? "" : ".").append(EventText.shown(name));
    }
    return dotted.toString();
  }

  private JsonNode json(String pointer, Node node) {
    lines.putIfAbsent(pointer, node.getStartMark().getLine() + 1);
    if (node instanceof MappingNode mapping) {
      ObjectNode object = JSON.objectNode();
      for (NodeTuple entry : mapping.getValue()) {
        String name = name(pointer, entry.getKeyNode());
        String child = child(pointer, name);
        // A value may start lines below its name.
        lines.put(child, entry.getKeyNode().getStartMark().getLine() + 1);
        if (object.has(name)) {
          throw refused(child, "is given twice; give each name once");
        }
        object.set(name, json(child, entry.getValueNode()));
      }
      return object;
    }
    if (node instanceof SequenceNode sequence) {
      ArrayNode array = JSON.arrayNode();
      for (Node element : sequence.getValue()) {
        array.add(json(pointer + '/' + array.size(), element));
      }
      return array;
    }
    return scalar(pointer, (ScalarNode) node);
  }

  private String name(String pointer, Node key) {
    if (key instanceof ScalarNode scalar && !key.getTag().equals(Tag.MERGE)) {
      return scalar.getValue();
    }
    throw refused(pointer, "has a name that is no plain text; give each name as text");
  }

  private JsonNode scalar(String pointer, ScalarNode node) {
    String text = node.getValue();
    Tag tag = node.getTag();
    if (tag.equals(Tag.NULL)) {
      return JSON.nullNode();
    }
    if (tag.equals(Tag.BOOL)) {
      // YAML 1.1 knows yes, on and true.
      return JSON.booleanNode(text.matches("(?i)y|yes|on|true"));
    }
    if (tag.equals(Tag.INT) || tag.equals(Tag.FLOAT)) {
      return number(pointer, text);
    }
    if (tag.equals(Tag.STR) || tag.equals(Tag.TIMESTAMP)) {
      return JSON.textNode(text);
    }
    throw refused(
        pointer,
        "has the tag "
            + EventText.shown(tag.getValue())
            + "; texts, numbers, true and false, lists and objects are allowed");
  }

  private JsonNode number(String pointer, String text) {
    if (text.matches("[-+]?[0-9]{1,18}")) {
      // YAML 1.1 reads 010 as 8, and nobody else does.
      if (text.matches("[-+]?0[0-9]+")) {
        throw refused(pointer, "is " + text + "; give a number without a leading 0, or a text");
      }
      return JSON.numberNode(Long.parseLong(text));
    }
    if (text.matches("[-+]?[0-9]{1,18}\\.[0-9]{1,18}")) {
      return JSON.numberNode(new BigDecimal(text));
    }
    throw refused(
        pointer,
        "is "
            + EventText.shown(text)
            + ", which YAML takes for a number; give it in digits, or in quotes if it is a text");
  }

  private InvalidYamlException refused(String pointer, String what) {
    return new InvalidYamlException(List.of(place(pointer) + " " + what));
  }
}
