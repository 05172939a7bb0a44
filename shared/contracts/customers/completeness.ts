/** Which fields a customer lacks that somebody needs (D07). */
import { actions } from "../../contract.ts";
import { id, list, record } from "../../fields.ts";
import { requiredCustomerField } from "../campaigns/settings.ts";

export const completenessActions = actions({
  /**
   * Those of these fields that are empty; what persons, or companies, do not have is not missing.
   * Of a customer that was merged those of the survivor; of one that is gone for good, none.
   */
  missingOf: {
    params: { id, fields: list(requiredCustomerField, 11) },
    returns: record({ missing: list(requiredCustomerField, 11) }),
  },
});
