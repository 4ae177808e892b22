// Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT
// Jakarta Mail: Jakarta MODE PORT CA FILE SENDER RECIPIENT...

import jakarta.mail.Address;
import jakarta.mail.MessagingException;
import jakarta.mail.Session;
import jakarta.mail.Transport;
import jakarta.mail.internet.InternetAddress;
import jakarta.mail.internet.MimeMessage;
import java.io.FileInputStream;
import java.util.Arrays;
import java.util.Properties;

public class Jakarta {
	public static void main(String[] args) throws Exception {
		String mode = args[0];
		boolean secure = mode.equals("starttls") || mode.equals("auth");
		Properties set = new Properties();
		set.put("mail.smtp.host", "127.0.0.1");
		set.put("mail.smtp.port", args[1]);
		set.put("mail.smtp.localhost", "client.example.org");
		set.put("mail.smtp.from", args[4]);
		set.put("mail.smtp.sendpartial", "true");
		set.put("mail.smtp.allow8bitmime", "true");
		set.put("mail.mime.allowutf8", "true");
		set.put("mail.smtp.chunksize", "100");
		if (!System.getenv("EXTENDED").isEmpty()) {
			set.put("mail.smtp.dsn.ret", "HDRS");
			set.put("mail.smtp.dsn.notify", "SUCCESS,DELAY");
			set.put("mail.smtp.mailextension", "ENVID=QQ+2B314159");
		}
		set.put("mail.smtp.ssl.trust", "*");
		set.put("mail.smtp.starttls.required", String.valueOf(secure));
		set.put("mail.smtp.starttls.enable", String.valueOf(secure));
		set.put("mail.smtp.ssl.enable", String.valueOf(mode.equals("tls")));
		set.put("mail.smtp.auth", String.valueOf(mode.equals("auth")));
		Session session = Session.getInstance(set);
		session.setDebug(true);
		MimeMessage message = new MimeMessage(session,
		    new FileInputStream(args[3]));
		Address[] recipients = Arrays.stream(args).skip(5)
		    .map(text -> new InternetAddress() {{ address = text; }})
		    .toArray(Address[]::new);
		try (Transport transport = session.getTransport("smtp")) {
			if (mode.equals("auth"))
				transport.connect("joe", "secret");
			else
				transport.connect();
			transport.sendMessage(message, recipients);
		} catch (MessagingException error) {
			System.out.println(error);
			System.exit(1);
		}
	}
}
