/* Copyright (c) The libmailin authors.  SPDX-License-Identifier: MIT */
#ifndef MAILIN_CONFIG_HPP
#define MAILIN_CONFIG_HPP

#include <memory>
#include <string>

#include "error.hpp"

namespace mailin {

/* The settings of a server.  Copies of the object share one config.  Do not
 * change the config while a session runs. */
class config {
      public:
	explicit config(const std::string &hostname)
	    : config_(mailin_config_new(text(hostname)), mailin_config_free)
	{
		if (config_ == nullptr)
			throw error(MAILIN_ERROR_ARGUMENT);
	}
	/* Set a setting by its name. */
	void
	set(const std::string &name, const std::string &value)
	{
		check(
		    mailin_config_set(config_.get(), text(name), text(value)));
	}
	/* Offer a SASL mechanism of the program: handler::sasl. */
	void
	add_mechanism(const std::string &name)
	{
		check(mailin_config_add_mechanism(config_.get(), text(name)));
	}
	mailin_config *
	get() const noexcept
	{
		return config_.get();
	}

      private:
	std::shared_ptr<mailin_config> config_;
};

} // namespace mailin

#endif
