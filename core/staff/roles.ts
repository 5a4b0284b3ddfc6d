/** 值守人员 and 技术员. A technician may do all that a clerk may. */
export const STAFF_ROLES = ['clerk', 'technician'] as const
export type StaffRole = (typeof STAFF_ROLES)[number]
