package io.millrace.alerts.service;

import io.millrace.alerts.DeliveryOptions;
import io.millrace.alerts.send.SmtpServer;
import java.nio.file.Path;
import java.util.Optional;

/**
 * Where alerts come from and how they go out.
 *
 * @param kafkaBootstrap brokers as {@code host:port}
 * @param topics what they are told by
 * @param rulesFolder with a file for each tenant; may be missing
 * @param smtp the server that takes mail, if there is one
 * @param delivery how hard to try
 */
public record AlertServiceOptions(
    String kafkaBootstrap,
    AlertTopics topics,
    Path rulesFolder,
    Optional<SmtpServer> smtp,
    DeliveryOptions delivery) {}
